/** Host in small letters (without its port) and path of a remote's URL, in any form that git takes. */
export interface RemotePlace {
  readonly host: string
  /** Below the host, without slashes around it and without `.git`. */
  readonly path: string
}

export function remotePlace(url: string): RemotePlace | undefined {
  const scp = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)(.+)$/.exec(url)
  if (!url.includes('://') && scp !== null) return place(scp[1] ?? '', scp[2] ?? '')
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, pathname } = new URL(url)
  return /^(https?|ssh|git):$/.test(protocol) ? place(hostname, pathname) : undefined
}

function place(host: string, path: string): RemotePlace {
  const plain = path.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '')
  return { host: host.toLowerCase(), path: plain }
}
