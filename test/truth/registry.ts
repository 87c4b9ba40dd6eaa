import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import ssri from 'ssri'
import {
  baseVersion,
  libraryName,
  libraryVersions,
  type Published,
  publishedPackages,
  tarballOf,
} from './library.ts'

/** A registry on loopback for the scope of our own packages; all others come from where the user's configuration says. */
export interface TruthRegistry extends AsyncDisposable {
  readonly url: string
  /** Shows of the library only the base's version and this one. */
  show(target: string | undefined): void
}

interface Stored extends Published {
  readonly tarball: Buffer
}

export async function startRegistry(): Promise<TruthRegistry> {
  const stored: Stored[] = []
  for (const one of publishedPackages()) stored.push({ ...one, tarball: await tarballOf(one) })
  let hidden: ReadonlySet<string> = new Set()
  const server = createServer((request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') return void response.writeHead(405).end('{}')
    const visible = stored.filter(
      ({ manifest }) => manifest.name !== libraryName || !hidden.has(manifest.version),
    )
    answer(visible, base(), new URL(request.url ?? '/', base()).pathname, response)
  })
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `${base()}/`,
    show(target) {
      hidden = new Set(libraryVersions.filter((version) => version !== baseVersion && version !== target))
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function answer(stored: readonly Stored[], base: string, path: string, response: ServerResponse): void {
  const [name = '', file] = decodeURIComponent(path.slice(1)).split('/-/')
  const versions = stored.filter(({ manifest }) => manifest.name === name)
  const found = versions.find((one) => file === fileName(one))
  if (versions.length === 0 || (file !== undefined && found === undefined))
    return void response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}')
  if (found !== undefined)
    return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.tarball)
  // What is shown changes from one project to the next.
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  response.writeHead(200, headers).end(JSON.stringify(packument(name, versions, base)))
}

function fileName({ manifest }: Published): string {
  return `${manifest.name.slice(manifest.name.indexOf('/') + 1)}-${manifest.version}.tgz`
}

function packument(name: string, versions: readonly Stored[], base: string): object {
  const time = versions.map(({ manifest }) => [manifest.version, '2020-01-01T00:00:00.000Z'])
  return {
    name,
    'dist-tags': { latest: versions.at(-1)?.manifest.version },
    modified: '2020-01-01T00:00:00.000Z',
    time: Object.fromEntries(time),
    versions: Object.fromEntries(versions.map((one) => [one.manifest.version, versionOf(one, base)])),
  }
}

function versionOf(one: Stored, base: string): object {
  const integrity = ssri.fromData(one.tarball, { algorithms: ['sha512'] }).toString()
  const shasum = ssri.fromData(one.tarball, { algorithms: ['sha1'] }).hexDigest()
  const tarball = `${base}/${one.manifest.name}/-/${fileName(one)}`
  return {
    ...one.manifest,
    _id: `${one.manifest.name}@${one.manifest.version}`,
    dist: { tarball, integrity, shasum },
  }
}
