import { readFile } from 'node:fs/promises'
import type { ModelConnection } from './gateway/connection.ts'
import type { Environment } from './git/program.ts'

/** How the environment says the model is reached; empty variables count as unset. */
export async function modelConnection(env: Environment): Promise<ModelConnection> {
  const value = (name: string): string | undefined => env[name] || undefined
  const [apiKey, authToken, baseURL] = [
    'ANTHROPIC_API_KEY',
    'ANTHROPIC_AUTH_TOKEN',
    'ANTHROPIC_BASE_URL',
  ].map(value)
  const bundle = value('SSL_CERT_FILE')
  const ca = bundle === undefined ? undefined : await readFile(bundle, 'utf8').catch(() => undefined)
  const http = value('HTTP_PROXY') ?? value('http_proxy')
  const https = value('HTTPS_PROXY') ?? value('https_proxy')
  const noProxy = value('NO_PROXY') ?? value('no_proxy')
  return {
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(authToken === undefined ? {} : { authToken }),
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(ca === undefined ? {} : { ca: [ca] }),
    proxy: {
      ...(http === undefined ? {} : { http }),
      ...(https === undefined ? {} : { https }),
      ...(noProxy === undefined ? {} : { noProxy }),
    },
  }
}
