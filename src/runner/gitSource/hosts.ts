/** Public forges: asked whatever repository names them, over TLS and without any credentials. */
const forges = [
  ...['github.com', 'gist.github.com', 'gitlab.com', 'bitbucket.org', 'codeberg.org', 'git.sr.ht'],
  // Where GitHub serves its archives and the files of its releases from.
  ...['codeload.github.com', 'objects.githubusercontent.com', 'release-assets.githubusercontent.com'],
]

export interface HostPolicy {
  /** Address of the remote of the repository that a session works on. */
  readonly remote?: string
  /** `host` or `host:port`, as the user's own setting names them. */
  readonly named: readonly string[]
}

/** Whether a place may be asked for sources; a repository that is worked on has no say in it. */
export function mayAsk(url: string, policy: HostPolicy): boolean {
  return isTrusted(url, policy) || isForge(url)
}

/** Whether the user's own credentials may go there: the remote's host, and what the user's setting names. */
export function isTrusted(url: string, { remote, named }: HostPolicy): boolean {
  const place = placeOf(url)
  if (place === undefined) return false
  const own = remote === undefined ? undefined : placeOf(remote)
  return (own !== undefined && same(own, place)) || named.some((name) => same(placeOfName(name), place))
}

function isForge(url: string): boolean {
  const place = placeOf(url)
  return place !== undefined && place.port === '' && /^(https|ssh):/.test(url) && forges.includes(place.host)
}

/** Host and port of an address, for a message; undefined where it has none. */
export function shownHost(url: string): string | undefined {
  const place = placeOf(url)
  return place && (place.port === '' ? place.host : `${place.host}:${place.port}`)
}

interface Place {
  readonly host: string
  /** Empty for the protocol's own. */
  readonly port: string
}

function same(one: Place, other: Place): boolean {
  return one.host === other.host && one.port === other.port
}

function placeOfName(name: string): Place {
  const [, host = '', port = ''] = /^(.*?)(?::(\d+))?$/.exec(name.toLowerCase()) ?? []
  return { host, port }
}

function placeOf(url: string): Place | undefined {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)/.exec(url)
  if (scp !== null && !/^[a-z+]+:\/\//i.test(url)) return { host: (scp[1] ?? '').toLowerCase(), port: '' }
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  if (!/^(https?|ssh):$/.test(protocol) || hostname === '') return undefined
  return { host: hostname.toLowerCase(), port: usualPorts[protocol] === port ? '' : port }
}

/** `URL` knows those of http and https itself. */
const usualPorts: Readonly<Record<string, string>> = { 'ssh:': '22' }
