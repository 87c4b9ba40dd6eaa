import { failures } from '../../../contract/failures.ts'
import { apiVersion, type Github } from './client.ts'

const mostBytes = 16 * 1024 * 1024
const silentMs = 60_000

/**
 * The log of a job, which the host gives at an address of its own: whoever asks there needs no token, and gets none.
 * Undefined where it is gone, too large, or may not be read.
 */
export async function jobLog(github: Github, job: string): Promise<string | undefined> {
  const { owner, repo, apiUrl, connection } = github
  const path = ['repos', owner, repo, 'actions', 'jobs', job, 'logs'].map(encodeURIComponent).join('/')
  try {
    const named = await ask(github, new URL(path, `${apiUrl.replace(/\/*$/, '')}/`), {
      authorization: `token ${connection.token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': apiVersion,
    })
    const at = named.headers.get('location')
    if (named.status !== 302 || at === null || !URL.canParse(at)) return undefined
    // What the interface is not asked for in clear text is not read in it either.
    if (new URL(at).protocol !== 'https:' && new URL(apiUrl).protocol === 'https:') return undefined
    const answer = await ask(github, new URL(at), {})
    return answer.ok ? await textOf(answer) : undefined
  } catch {
    if (connection.signal?.aborted === true) throw failures.cancelled()
    return undefined
  }
}

function ask({ connection }: Github, url: URL, headers: Record<string, string>): Promise<Response> {
  const { fetch: call = globalThis.fetch, signal } = connection
  const patience = AbortSignal.timeout(silentMs)
  return call(url, {
    headers: { 'user-agent': 'drydock', ...headers },
    redirect: 'manual',
    signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
  })
}

async function textOf({ body }: Response): Promise<string | undefined> {
  const chunks: Uint8Array[] = []
  let seen = 0
  for await (const chunk of body ?? []) {
    seen += chunk.byteLength
    if (seen > mostBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
