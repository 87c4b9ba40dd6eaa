import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MavenHost } from '../../src/runner/registries/maven/host.ts'
import { connection } from './registry.ts'

/** A Maven repository on loopback that serves the files it was given, with their checksums. */
export interface TestMavenRepository extends AsyncDisposable {
  readonly url: string
  readonly host: MavenHost
  readonly requests: readonly string[]
  readonly files: Map<string, Buffer>
  /** Answers instead of the repository where it returns true. */
  intercept: (request: IncomingMessage, response: ServerResponse) => boolean
}

/** Adds `maven-metadata.xml` and a POM for each version; `poms` overrides a POM's body by `group:artifact:version`. */
export async function testMavenRepository(
  artifacts: Readonly<Record<string, readonly string[]>>,
  poms: Readonly<Record<string, string>> = {},
): Promise<TestMavenRepository> {
  const files = new Map<string, Buffer>()
  for (const [name, versions] of Object.entries(artifacts)) addArtifact(files, name, versions, poms)
  const requests: string[] = []
  const repository = { intercept: (_request: IncomingMessage, _response: ServerResponse) => false }
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`)
    if (!repository.intercept(request, response)) answer(files, request.url?.slice(1) ?? '', response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const upstream = { name: 'maven', url, headers: {} } as const
  return Object.assign(repository, {
    url,
    files,
    requests,
    host: { upstreams: [upstream], connection, digest: 'test' },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
}

function addArtifact(
  files: Map<string, Buffer>,
  name: string,
  versions: readonly string[],
  poms: Readonly<Record<string, string>>,
): void {
  const [groupId = '', artifactId = ''] = name.split(':')
  const folder = `${groupId.replaceAll('.', '/')}/${artifactId}`
  const list = versions.map((version) => `<version>${version}</version>`).join('')
  const metadata = `<metadata><versioning><versions>${list}</versions></versioning></metadata>`
  files.set(`${folder}/maven-metadata.xml`, Buffer.from(metadata))
  for (const version of versions) {
    const own = `<groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>`
    const body = poms[`${name}:${version}`] ?? ''
    const path = `${folder}/${version}/${artifactId}-${version}.pom`
    files.set(path, Buffer.from(`<project>${own}${body}</project>`))
  }
}

function answer(files: ReadonlyMap<string, Buffer>, path: string, response: ServerResponse): void {
  const file = files.get(path)
  if (file !== undefined) return void response.end(file)
  const of = path.endsWith('.sha1') ? files.get(path.slice(0, -'.sha1'.length)) : undefined
  if (of === undefined) return void response.writeHead(404).end()
  response.end(`${createHash('sha1').update(of).digest('hex')}  ${path.split('/').at(-1)}\n`)
}
