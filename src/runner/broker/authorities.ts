import { readFile } from 'node:fs/promises'
import { rootCertificates } from 'node:tls'

/**
 * PEM certificates that a connection trusts: those in `own`, those of the bundles that the environment points Node and
 * OpenSSL at, and Node's. Each one once: a machine's bundle holds most of Node's, and every connection reads them all.
 */
export async function readAuthorities(
  env: Readonly<Record<string, string | undefined>>,
  own: readonly string[] = [],
): Promise<string[]> {
  const files = [
    ...new Set([env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE].filter((file) => file !== undefined)),
  ]
  const bundles = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')))
  const found = [...own, ...bundles, ...rootCertificates].flatMap((bundle) => bundle.match(certificate) ?? [])
  return [...new Map(found.map((pem) => [pem.replaceAll(/\s/g, ''), pem])).values()]
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g
