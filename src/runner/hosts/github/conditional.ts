import type { z } from 'zod'
import type { Kept } from '../kept.ts'
import { asking, type Github } from './client.ts'

type Params = Readonly<Record<string, string | number>>

/**
 * A reading request, asked with the tag of the answer that is kept: one that did not change is not sent again, and does
 * not count against the limit. Only what the schema takes of an answer is kept.
 */
export async function conditional<T>(
  github: Github,
  kept: Kept,
  route: `GET /repos/{owner}/{repo}${string}`,
  params: Params,
  schema: z.ZodType<T>,
): Promise<T> {
  const { owner, repo } = github
  const key = `${route} ${JSON.stringify({ owner, repo, ...params })}`
  const known = kept.get(key)
  const before = known === undefined ? undefined : schema.safeParse(known.value)
  const tag = before?.success === true ? { 'if-none-match': known?.etag ?? '' } : {}
  return asking(github, async (octokit) => {
    try {
      const { data, headers } = await octokit.request(route, { owner, repo, ...params, headers: tag })
      const value = schema.parse(data)
      if (headers.etag !== undefined) kept.put(key, { etag: headers.etag, value })
      return value
    } catch (error) {
      if (before?.success === true && isUnchanged(error)) return before.data
      throw error
    }
  })
}

function isUnchanged(error: unknown): boolean {
  return error instanceof Error && 'status' in error && error.status === 304
}
