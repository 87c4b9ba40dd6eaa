import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'

/** Where an engine listens, and the certificates to talk to it with. */
export interface Endpoint {
  /** `unix://`, `npipe://`, `tcp://` or `ssh://` address. */
  readonly host: string
  readonly tls?: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }
}

/** What engine discovery reads; the composition root passes it in. */
export interface EngineSearch {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly platform: NodeJS.Platform
  /** Numeric user id, for rootless sockets; undefined on Windows. */
  readonly uid?: number
  /** Called before every request to the engine, with method and path. */
  readonly onDockerCall?: (name: string) => void
}

const CliConfig = z.object({ currentContext: z.string().optional() })
const ContextMeta = z.object({
  Endpoints: z.object({ docker: z.object({ Host: z.string() }) }),
})

async function optional(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path)
  } catch {
    return undefined
  }
}

/** Certificates as the Docker CLI names them in a folder. */
export async function readTls(folder: string): Promise<Endpoint['tls']> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => optional(join(folder, name))),
  )
  if (!ca && !cert && !key) return undefined
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) }
}

/** Name of the context the Docker CLI would use; undefined for its default. */
export async function currentContext(
  configDir: string,
  chosen: string | undefined,
): Promise<string | undefined> {
  const name = chosen || (await contextOfConfig(configDir))
  return name && name !== 'default' ? name : undefined
}

async function contextOfConfig(configDir: string): Promise<string | undefined> {
  const text = await optional(join(configDir, 'config.json'))
  if (!text) return undefined
  try {
    return CliConfig.parse(JSON.parse(text.toString())).currentContext
  } catch {
    return undefined
  }
}

/** A context's endpoint from the CLI's store (`contexts/meta/<sha256 of name>/meta.json`). */
export async function readContext(configDir: string, name: string): Promise<Endpoint | undefined> {
  const id = createHash('sha256').update(name).digest('hex')
  const text = await optional(join(configDir, 'contexts', 'meta', id, 'meta.json'))
  if (!text) return undefined
  const meta = ContextMeta.safeParse(JSON.parse(text.toString()))
  if (!meta.success) return undefined
  const { Host: host } = meta.data.Endpoints.docker
  const tls = await readTls(join(configDir, 'contexts', 'tls', id, 'docker'))
  return { host, ...(tls && { tls }) }
}
