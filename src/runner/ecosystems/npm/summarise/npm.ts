import type { SummaryCategory } from '../../../../contract/report.ts'
import { type Finding, type Recogniser, type Section, weights } from '../../../summarise/finding.ts'

const PREFIX = /^npm (?:error|ERR!) ?/
const CORRUPT = /tarball data for (@?[^@\s]+)@(\S+)/
const USAGE = /^(?:Clean install a project|Usage:|Options:|aliases:|Run "npm help)/
const LOG_NOTE =
  /^A complete log of this run|^\s+\S*_logs\/|^For a full report|^\S*-eresolve-report|^See \S+ for a full report|^This is probably not a problem with npm/
const LIFECYCLE =
  /^(?:Lifecycle script|Test failed\.|Failed at the |Exit status|code ELIFECYCLE|errno \d+$|workspace |location |\S+@\S+ [\w:.-]+: `)/
const NETWORK =
  /^(?:ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ERR_SOCKET_TIMEOUT|EIDLETIMEOUT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|E401|E403|E5\d\d)$/
const MOST_LINES = 400

interface Read {
  readonly lines: readonly string[]
  readonly code: string
  /** Package whose tarball did not match, from the warnings before. */
  readonly corrupt: string | undefined
}

interface Diagnosis {
  readonly category: SummaryCategory
  readonly title: string
  readonly findings: readonly Finding[]
}

/** npm's own errors, old prefix `npm ERR!` and new `npm error`. */
export function npm(): Recogniser {
  const lines: string[] = []
  let corrupt: string | undefined
  let number = 0
  let usage = false
  return {
    needles: ['npm'],
    busy: () => false,
    line(line, at) {
      if (!line.startsWith('npm ')) return
      if (line.startsWith('npm warn tarball') || line.startsWith('npm WARN tarball'))
        corrupt = CORRUPT.exec(line)?.[1] ?? corrupt
      if (!PREFIX.test(line)) return
      const text = line.replace(PREFIX, '').trimEnd()
      usage ||= USAGE.test(text)
      if (usage || text === '' || LOG_NOTE.test(text) || lines.length >= MOST_LINES) return
      if (lines.length === 0) number = at
      lines.push(text)
    },
    end: () => (lines.length === 0 ? undefined : sectionFor({ lines, code: codeOf(lines), corrupt }, number)),
  }
}

function codeOf(lines: readonly string[]): string {
  return lines.flatMap((line) => /^code (\S+)$/.exec(line)?.[1] ?? [])[0] ?? ''
}

function sectionFor(read: Read, number: number): Section {
  const lifecycle =
    read.lines.some((line) => LIFECYCLE.test(line)) && !read.lines.some((line) => line.startsWith('command '))
  const { category, title, findings } = lifecycle ? unknown(read) : diagnose(read)
  const code = read.code === '' ? '' : ` ${read.code}`
  return {
    category,
    title: `npm${code}: ${title}`,
    weight: lifecycle ? weights.consequence : weights.specific,
    firstLine: number,
    findings,
  }
}

function diagnose(read: Read): Diagnosis {
  if (read.code === 'ERESOLVE') return peers(read)
  if (read.code === 'E404' || read.code === 'ETARGET') return missing(read)
  if (read.code === 'EINTEGRITY') return integrity(read)
  if (read.code === 'EUSAGE') return usage(read)
  if (read.lines.some((line) => line.startsWith('command '))) return script(read)
  if (/^(?:EBADENGINE|EBADPLATFORM)$/.test(read.code)) return engine(read)
  if (read.code === 'EJSONPARSE')
    return listed('INSTALL', 'a manifest is not valid JSON', read, { file: 'package.json' })
  if (NETWORK.test(read.code))
    return listed('DEPENDENCY_RESOLUTION_FAILURE', 'the registry did not answer', read)
  return unknown(read)
}

function told(read: Read): string[] {
  const lines = read.lines
    .filter((line) => !/^(?:code|errno|syscall|path|type) /.test(line))
    .map((line) => line.replace(/^(?:404|notarget|engine|notsup|network|JSON\.parse)(?: +|$)/, ''))
    .filter((line) => line !== '')
  return [...new Set(lines)]
}

function listed(
  category: SummaryCategory,
  title: string,
  read: Read,
  place: { file?: string; artifact?: string } = {},
): Diagnosis {
  const [message = read.code, ...detail] = told(read)
  return {
    category,
    title,
    findings: [
      {
        failure: { ...place, ...(read.code === '' ? {} : { rule: read.code }), message },
        detail: detail.slice(0, 6),
      },
    ],
  }
}

function unknown(read: Read): Diagnosis {
  return listed('UNKNOWN', 'failed', read)
}

/** The peer that could not be had, who wants it and what is there instead. */
function peers(read: Read): Diagnosis {
  const wanted = read.lines
    .find((line) => /^(?:peer|peerOptional|dev|optional)?\s*\S+@"?.* from \S+@\S+/.test(line.trim()))
    ?.trim()
  const match = /^(?:\w+ )?(@?[^@\s]+)@"?(.+?)"? from (\S+)/.exec(wanted ?? '')
  const found = read.lines.find((line) => line.startsWith('Found: '))?.slice('Found: '.length)
  const conflicting = read.lines.find((line) => line.startsWith('Conflicting peer dependency: '))
  const message =
    match === null
      ? (told(read)[0] ?? 'peer dependencies conflict')
      : `${match[3]} needs ${match[1]}@${match[2]} but found ${found ?? 'another version'}`
  const requests = read.lines
    .filter((line) => /from the root project|^While resolving/.test(line))
    .map((line) => line.trim())
  return {
    category: 'DEPENDENCY_RESOLUTION_FAILURE',
    title: 'peer dependencies conflict',
    findings: [
      {
        failure: { ...(match?.[3] === undefined ? {} : { artifact: match[3] }), rule: 'ERESOLVE', message },
        detail: [
          ...(wanted === undefined ? [] : [wanted]),
          ...(conflicting === undefined ? [] : [conflicting]),
          ...requests,
        ].slice(0, 8),
      },
    ],
  }
}

function missing(read: Read): Diagnosis {
  const text = read.lines.join('\n')
  const artifact =
    /'((?:@[^'/]+\/)?[^'@]+@[^']*)'/.exec(text)?.[1] ??
    /No matching version found for (\S+?)\.?(?:\s|$)/.exec(text)?.[1]
  const title = read.code === 'E404' ? 'no such package' : 'no such version'
  return listed('DEPENDENCY_RESOLUTION_FAILURE', title, read, artifact === undefined ? {} : { artifact })
}

function integrity(read: Read): Diagnosis {
  const named = /(?:extracting|tarball data for) (\S+?):?(?:\s|$)/.exec(read.lines.join('\n'))?.[1]
  const artifact = named ?? read.corrupt
  return listed(
    'DEPENDENCY_LOCK_FAILURE',
    'a package is not what the lock file says',
    read,
    artifact === undefined ? {} : { artifact },
  )
}

const OUT_OF_SYNC = /^(?:Missing: (\S+) from lock file|Invalid: lock file's (\S+) does not satisfy (\S+))/

function usage(read: Read): Diagnosis {
  const text = read.lines.join(' ')
  if (!/lock(?:file| file)|package-lock/i.test(text)) return unknown(read)
  const differing = read.lines.flatMap((line): Finding[] => {
    const match = OUT_OF_SYNC.exec(line)
    return match === null
      ? []
      : [{ failure: { artifact: match[1] ?? match[3] ?? '', rule: 'EUSAGE', message: line } }]
  })
  const findings =
    differing.length > 0
      ? differing
      : listed('DEPENDENCY_LOCK_FAILURE', '', read, { file: 'package-lock.json' }).findings
  return {
    category: 'DEPENDENCY_LOCK_FAILURE',
    title: 'the lock file is missing or not in sync with the manifest',
    findings,
  }
}

function engine(read: Read): Diagnosis {
  const artifact =
    /Not compatible with your (?:version of node\/npm|operating system or architecture): (\S+)|Unsupported (?:engine|platform) for (\S+?):/.exec(
      read.lines.join('\n'),
    )
  const named = artifact?.[1] ?? artifact?.[2]
  return listed(
    'INSTALL',
    'a package does not run on this Node or platform',
    read,
    named === undefined ? {} : { artifact: named },
  )
}

function script(read: Read): Diagnosis {
  const path = read.lines.flatMap((line) => /^path (.+)$/.exec(line)?.[1] ?? [])[0]
  const artifact = path?.includes('node_modules/')
    ? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
    : path?.split('/').at(-1)
  const command = read.lines
    .flatMap((line) => /^command (.+)$/.exec(line)?.[1] ?? [])
    .find((each) => each !== 'failed')
  const output = told(read).filter((line) => !line.startsWith('command '))
  const fault = output.find((line) => /\b(?:error|cannot|not found|failed)\b|ERR!/i.test(line))
  return {
    category: 'INSTALL',
    title: 'an install script failed',
    findings: [
      {
        failure: {
          ...(artifact === undefined ? {} : { artifact }),
          message: `${command ?? 'install script'} failed${fault === undefined ? '' : `: ${fault}`}`,
        },
        detail: output.slice(-8),
      },
    ],
  }
}
