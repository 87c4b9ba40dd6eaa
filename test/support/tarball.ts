import { gzipSync } from 'node:zlib'
import tar from 'tar-stream'

/** A package as a registry serves it. */
export async function tarball(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const pack = tar.pack()
  for (const [name, text] of Object.entries(files)) pack.entry({ name: `package/${name}` }, text)
  pack.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of pack) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks))
}
