import type { RequestListener, ServerResponse } from 'node:http'
import { homedir } from 'node:os'
import { join } from 'node:path'
import ssri from 'ssri'
import { whole } from '../../src/runner/broker/held.ts'
import { readMavenHost } from '../../src/runner/registries/maven/host.ts'
import { createMavenSource } from '../../src/runner/registries/maven/source.ts'
import { publishedPackages, tarballOf } from '../truth/library.ts'
import { mavenRepository } from '../truth/maven/library.ts'
import { mavenLookup } from '../truth/maven/server.ts'

/** First path segment of the Maven repository; all else is an npm registry's. */
export const mavenFolder = 'maven'

/** The registry of our own packages; `cache` keeps between campaigns what a Maven build needs besides. */
export async function registryHandler(cache: string): Promise<RequestListener> {
  const npm = await npmRegistry()
  let maven: ReturnType<typeof mavenOf> | undefined
  return (request, response) => {
    const path = decodeURIComponent((request.url ?? '/').slice(1))
    if (!path.startsWith(`${mavenFolder}/`)) return npm(path, request.headers.host ?? '', response)
    maven ??= mavenOf(cache)
    void maven
      .then((answer) => answer(path.slice(mavenFolder.length + 1), response))
      .catch((error: unknown) => response.writeHead(502).end(String(error)))
  }
}

/** It names itself as it was asked. */
async function npmRegistry(): Promise<(path: string, host: string, response: ServerResponse) => void> {
  const stored = await Promise.all(
    publishedPackages().map(async (one) => ({ ...one, tarball: await tarballOf(one) })),
  )
  return (path, host, response) => {
    const [name = '', file] = path.split('/-/')
    const all = stored.filter(({ manifest }) => manifest.name === name)
    const fileOf = (version: string) => `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`
    const found = all.find(({ manifest }) => file === fileOf(manifest.version))
    if (found !== undefined)
      return void response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(found.tarball)
    const json = { 'content-type': 'application/json', 'cache-control': 'no-store' }
    if (all.length === 0 || file !== undefined)
      return void response.writeHead(404, json).end('{"error":"not found"}')
    const described = all.map(({ manifest, tarball }) => {
      const integrity = ssri.fromData(tarball, { algorithms: ['sha512'] }).toString()
      const address = `http://${host}/${name}/-/${fileOf(manifest.version)}`
      return [manifest.version, { ...manifest, dist: { tarball: address, integrity } }] as const
    })
    const time = described.map(([version]) => [version, '2020-01-01T00:00:00.000Z'])
    const document = {
      ...{ name, 'dist-tags': { latest: '2.0.0' }, modified: '2020-01-01T00:00:00.000Z' },
      ...{ time: Object.fromEntries(time), versions: Object.fromEntries(described) },
    }
    response.writeHead(200, json).end(JSON.stringify(document))
  }
}

/** Our own library beside plugins and a test kit from where this machine has them. */
async function mavenOf(cache: string): Promise<(path: string, response: ServerResponse) => Promise<void>> {
  const own = mavenLookup(await mavenRepository(join(cache, 'jars')))
  const host = await readMavenHost(process.env, homedir())
  const others = createMavenSource({ ...host, cacheDir: cache, maxBytes: 100_000_000 })
  return async (path, response) => {
    const found = own(path) ?? (await others.get(path))?.body
    if (found === undefined) response.writeHead(404).end()
    else if (typeof found === 'string') response.end(found)
    else response.end(await whole(found))
  }
}
