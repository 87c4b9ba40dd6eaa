import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import ssri from 'ssri'
import type { Connection, Upstream } from '../../src/runner/broker/upstream.ts'
import type { NpmHost } from '../../src/runner/registries/npm/host.ts'

export interface PackageVersion {
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly engines?: { readonly node: string }
  readonly tarball?: Buffer
}

/** A registry on loopback that answers for the packages it was given. */
export interface TestRegistry extends AsyncDisposable {
  readonly url: string
  readonly host: NpmHost
  readonly requests: readonly {
    readonly method: string
    readonly url: string
    readonly authorization?: string
  }[]
  /** Answers instead of the registry where it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean
}

type Packages = Readonly<Record<string, Readonly<Record<string, PackageVersion>>>>

export function tarballOf(name: string, version: string): Buffer {
  return Buffer.from(`the bytes of ${name} ${version}`)
}

export function integrityOf(bytes: Buffer): string {
  return ssri.fromData(bytes, { algorithms: ['sha512'] }).toString()
}

export async function testRegistry(packages: Packages): Promise<TestRegistry> {
  const requests: { method: string; url: string; authorization?: string }[] = []
  const registry = { intercept: (_request: IncomingMessage, _response: ServerResponse) => false }
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request
    const { authorization } = request.headers
    requests.push({ method, url, ...(authorization === undefined ? {} : { authorization }) })
    if (!registry.intercept(request, response)) answer(packages, base(), url, response)
  })
  const base = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(registry, {
    url: `${base()}/`,
    host: hostOf([{ name: 'npm', url: `${base()}/`, headers: {} }]),
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

export const connection: Connection = {
  strictSsl: true,
  timeoutMs: 5000,
  retries: 0,
  minRetryDelayMs: 10,
  userAgent: 'test',
  noProxy: '127.0.0.1',
  credentials: {},
}

export function hostOf(upstreams: readonly Upstream[]): NpmHost {
  return { upstreams, builtinRegistry: 'https://builtin.example.com/', connection, digest: 'test' }
}

function answer(packages: Packages, base: string, url: string, response: ServerResponse): void {
  const [name = '', file] = decodeURIComponent(url.slice(1)).split('/-/')
  const versions = packages[name]
  if (versions === undefined) return void response.writeHead(404).end('{}')
  if (file === undefined) return void response.end(JSON.stringify(packument(name, versions, base)))
  const version = file.slice(name.slice(name.indexOf('/') + 1).length + 1, -'.tgz'.length)
  const found = versions[version]
  if (found === undefined) return void response.writeHead(404).end('{}')
  response.end(found.tarball ?? tarballOf(name, version))
}

function packument(name: string, versions: Readonly<Record<string, PackageVersion>>, base: string): object {
  return {
    name,
    'dist-tags': { latest: Object.keys(versions).findLast((version) => !version.includes('-')) },
    versions: Object.fromEntries(
      Object.entries(versions).map(([version, { peerDependencies, engines }]) => [
        version,
        {
          name,
          version,
          peerDependencies,
          engines,
          dist: {
            tarball: `${base}/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`,
            integrity: integrityOf(tarballOf(name, version)),
          },
        },
      ]),
    ),
  }
}
