import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { artifactId, groupId } from './library.ts'

export interface MavenServer extends AsyncDisposable {
  readonly url: string
}

/** A repository in Maven's own layout on loopback, checksums and metadata included. */
export async function serveMaven(files: ReadonlyMap<string, Buffer>): Promise<MavenServer> {
  const find = mavenLookup(files)
  const server = createServer((request, response) => {
    const found = find(decodeURIComponent((request.url ?? '/').slice(1)))
    if (found === undefined) return void response.writeHead(404).end()
    response.end(found)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What a repository with these files has at a path, checksums and metadata included. */
export function mavenLookup(
  files: ReadonlyMap<string, Buffer>,
): (path: string) => Buffer | string | undefined {
  const all = new Map([...files, [metadataPath, metadata(files)]])
  return (path) => {
    const digest = /\.(sha1|md5)$/.exec(path)?.[1]
    const file = all.get(digest === undefined ? path : path.slice(0, -digest.length - 1))
    if (file === undefined || digest === undefined) return file
    return createHash(digest).update(file).digest('hex')
  }
}

const metadataPath = `${groupId.replaceAll('.', '/')}/${artifactId}/maven-metadata.xml`

function metadata(files: ReadonlyMap<string, Buffer>): Buffer {
  const versions = [...files.keys()]
    .filter((path) => path.endsWith('.pom'))
    .map((path) => path.split('/').at(-2))
  const list = versions.map((version) => `<version>${version}</version>`).join('')
  return Buffer.from(
    `<metadata><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><versioning><versions>${list}</versions></versioning></metadata>`,
  )
}
