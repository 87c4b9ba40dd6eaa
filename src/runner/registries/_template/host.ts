import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { failure } from '../../../contract/failure.ts'
import { type Connection, type Upstream, usualConnection } from '../../broker/upstream.ts'

/** What the user's own configuration says of the registry. */
export interface TemplateHost {
  readonly upstreams: readonly [Upstream]
  readonly connection: Connection
  /** Hex digest of the registry; part of cache keys. */
  readonly digest: string
}

/**
 * Reads the registry's address from `~/.vendorrc`: never from the repository, which must not be able to choose where the
 * host sends requests. Throws `registry-not-allowed` where there is none.
 */
export async function readTemplateHost(userHome: string): Promise<TemplateHost> {
  const file = join(userHome, '.vendorrc')
  const text = (await readFile(file, 'utf8').catch(() => '')).trim()
  if (!URL.canParse(text))
    throw failure(
      'registry-not-allowed',
      `No registry for vendor.txt is configured on this machine: ${file} names none.`,
      `Write the address of your registry into ${file}.`,
    )
  const url = text.replace(/\/*$/, '/')
  return {
    upstreams: [{ name: '_template', url, headers: {} }],
    connection: { ...usualConnection, ca: rootCertificates },
    digest: createHash('sha256').update(url).digest('hex'),
  }
}
