/** What a check found otherwise than on its owner's machine, and what to do about it; both are whole sentences. */
export interface HostDifference {
  readonly kind:
    | 'network'
    | 'service'
    | 'docker'
    | 'browser'
    | 'program'
    | 'memory'
    | 'date'
    | 'variable'
    | 'tool-version'
    | 'terminal'
    | 'permission'
    | 'git'
    | 'file-limit'
  readonly what: string
  readonly next: string
}

interface Rule {
  readonly kind: HostDifference['kind']
  readonly pattern: RegExp
  what(match: RegExpExecArray): string
  readonly next: string
}

const services: Readonly<Record<string, string>> = {
  1433: 'SQL Server',
  3306: 'MySQL',
  5432: 'PostgreSQL',
  5672: 'RabbitMQ',
  6379: 'Redis',
  9042: 'Cassandra',
  9092: 'Kafka',
  9200: 'Elasticsearch',
  11211: 'Memcached',
  27017: 'MongoDB',
}

function serviceOf(text: string, port: string): string {
  if (/^Mongo/.test(text)) return 'MongoDB'
  if (/^Redis/.test(text)) return 'Redis'
  return services[port] ?? 'a database'
}

const own = 'Name commands that do without in .drydock.json'

/** The narrowest first: a missing database is a refused connection too. */
const rules: readonly Rule[] = [
  {
    kind: 'date',
    pattern:
      /certificate has expired|CERT_HAS_EXPIRED|certificate is not yet valid|CERT_NOT_YET_VALID|CertificateExpiredException|NotAfter: |(?:jwt|token|licen[cs]e) (?:has )?expired|TokenExpiredError/i,
    what: () => 'It meets a certificate or a date that has expired since it was written.',
    next: 'Renew it in the tests, or set their clock.',
  },
  {
    kind: 'docker',
    pattern:
      /docker(?:\.sock|: (?:command )?not found)|Could not find a (?:valid Docker environment|working container runtime)|testcontainers/i,
    what: () => 'It starts containers of its own, and there is no Docker in the sandbox.',
    next: `${own}.`,
  },
  {
    kind: 'service',
    pattern:
      /(?:ECONNREFUSED|Connection refused|connect to)[^\n]{0,80}?[: ](1433|3306|5432|5672|6379|9042|9092|9200|11211|27017)\b|Mongo(?:Network|ServerSelection|oseServerSelection)Error|Redis connection to|Communications link failure/i,
    what: ([text, port = '']) =>
      `It expects ${serviceOf(text, port)} to be running, and nothing else runs in the sandbox.`,
    next: `${own}.`,
  },
  {
    kind: 'browser',
    pattern:
      /Could not find (?:Chrom(?:e|ium)|expected browser|browser revision)|No binary for \w*(?:Chrome|Firefox)\w* browser|Executable doesn't exist at [^\n]*(?:chrom|firefox|webkit)|CHROME_BIN|cannot find Chrome binary|Cypress (?:executable not found|binary is missing)|No usable sandbox|Electron failed to install/i,
    what: () => 'It wants a browser, which is not in the sandbox.',
    next: `${own}.`,
  },
  {
    kind: 'network',
    pattern:
      /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([^\s:"')]+)|\b(?:ENOTFOUND|EAI_AGAIN|ENETUNREACH)\b|ENOTCACHED|UnknownHostException: ([\w.-]+)|Could not resolve host:? ([\w.-]+)|Network is unreachable|Temporary failure in name resolution|net::ERR_(?:NAME_NOT_RESOLVED|INTERNET_DISCONNECTED)|ERR_PNPM_NO_OFFLINE|YN0080|Cannot access \S+ \([^)]*\) in offline mode/,
    what: (match) => {
      const host = match.slice(1).find((one) => one !== undefined)
      return `It asks ${host === undefined ? 'the network' : host}, and the sandbox has no network.`
    },
    next: `${own}.`,
  },
  {
    kind: 'memory',
    pattern:
      /JavaScript heap out of memory|java\.lang\.OutOfMemoryError|Cannot allocate memory|\bENOMEM\b|signal SIGKILL|\bKilled\b\s*$/im,
    what: () => 'It ran out of memory.',
    next: 'Raise the setting memoryMb.',
  },
  {
    kind: 'tool-version',
    pattern:
      /(?:The engine "(?:node|npm)" is incompatible[^\n]*|EBADENGINE|ERR_PNPM_UNSUPPORTED_ENGINE|requires? (?:a )?Node(?:\.js)? (?:version )?[v>^~]?=?\s*[\d.]+[^\n]{0,60}|You are using Node(?:\.js)? v?[\d.]+[^\n]{0,80}|Node Sass does not yet support[^\n]*|ERR_OSSL_EVP_UNSUPPORTED|primordials is not defined|UnsupportedClassVersionError|(?:invalid|release version) (?:target |source )?release:? ?\d* ?(?:not supported)?|was compiled against a different Node\.js version)/i,
    what: ([text]) => `It does not run on this version of its tools (${clip(text)}).`,
    next: 'Name another in .drydock.json: "node" or "jdk".',
  },
  {
    kind: 'git',
    pattern:
      /fatal: (?:No names found|no tag exactly matches|not a git repository|ambiguous argument '(?:HEAD[~^]|origin|main|master))[^\n]*|origin\/(?:main|master)[^\n]*(?:unknown revision|not found)/i,
    what: () => 'It reads the history of the repository, and the sandbox has one commit of it.',
    next: `${own}.`,
  },
  {
    kind: 'variable',
    pattern:
      /(?:environment variable|env(?:ironment)? var(?:iable)?)s?:? ["'`]?([A-Z][A-Z0-9_]{2,})["'`]? (?:is |was )?(?:not (?:set|defined|found)|missing|required|undefined)|(?:missing|required|undefined) (?:required )?env(?:ironment)?(?: var(?:iable)?s?)?:? ["'`]?([A-Z][A-Z0-9_]{2,})|Environment variable not found \((\w+)\)/i,
    what: (match) =>
      `It needs the environment variable ${match.slice(1).find((one) => one !== undefined) ?? ''}, which nothing sets here.`,
    next: 'Let the command in .drydock.json set it to something harmless.',
  },
  {
    kind: 'program',
    pattern:
      /\b(?:sh|bash|dash)(?:: line \d+)?(?:: \d+)?: ([\w./+-]+): (?:command )?not found|spawn ([\w./+-]+) ENOENT|Cannot run program "([^"]+)"/,
    what: (match) =>
      `It calls ${match.slice(1).find((one) => one !== undefined) ?? 'a program'}, which is not in the sandbox.`,
    next: 'Add it as a dependency, or name commands that do without in .drydock.json.',
  },
  {
    kind: 'terminal',
    pattern:
      /not a (?:tty|TTY|terminal)|setRawMode is not a function|ERR_TTY_INIT_FAILED|the input device is not a TTY|Inappropriate ioctl for device/,
    what: () => 'It wants a terminal, and has none in the sandbox.',
    next: `${own}.`,
  },
  {
    kind: 'file-limit',
    pattern: /\bE(?:MFILE|NOSPC)\b|System limit for number of file watchers reached|No space left on device/,
    what: () => 'It ran into a limit on files or space.',
    next: 'Raise the settings workspaceMb and workspaceInodes.',
  },
  {
    kind: 'permission',
    pattern:
      /\b(?:EROFS|read-only file system)\b|EACCES: permission denied[^\n]{0,120}'\/(?!workspace|tmp)|listen EACCES[^\n]*:\d{1,3}\b/i,
    what: () =>
      'It writes or listens where only the owner of a machine may: outside the workspace, or below port 1024.',
    next: `${own}.`,
  },
]

const clipped = 100
/** Characters from the end of a log: there it says why it failed. */
const read = 400_000

function clip(text: string): string {
  const line = text.split('\n')[0]?.trim() ?? ''
  return line.length > clipped ? `${line.slice(0, clipped)}…` : line
}

/** What a test that passes is called, or says, does not explain a failure. */
const passing = /^\s*(?:✓|✔|√|ok \d|PASS\b|\[INFO\]).*$/gm

/**
 * What differs from a host, where the log of a failed check shows it: the narrowest kind of which it has the words.
 * A guess by words, which is why it is only said and nothing is decided by it.
 */
export function hostDifference(log: string): HostDifference | undefined {
  const text = log.slice(-read).replace(passing, '')
  for (const { kind, pattern, what, next } of rules) {
    const match = pattern.exec(text)
    if (match !== null) return { kind, what: what(match), next }
  }
  return undefined
}
