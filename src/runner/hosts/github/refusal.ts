import { z } from 'zod'
import type { HostTrouble, HostTroubleKind } from '../../../contract/hostTrouble.ts'
import { tryJson } from '../../../contract/json.ts'
import { firstLine, type ReadLimit } from '../connection.ts'

/** The part of GitHub's error answers that is read. */
const Refusal = z.looseObject({
  message: z.string().catch(''),
  errors: z
    .array(
      z.union([
        z.string(),
        z.looseObject({
          message: z.string().optional(),
          field: z.string().optional(),
          code: z.string().optional(),
        }),
      ]),
    )
    .catch([]),
})

/** A limit without a time of its own lasts at least a minute, as GitHub's documentation has it. */
const unnamedMs = 60_000
const limitWords =
  /secondary rate limit|abuse detection|submitted too quickly|temporarily blocked from content creation/i

/**
 * Primary limit (`x-ratelimit-remaining: 0` until `x-ratelimit-reset`), secondary limits (`retry-after`, or the
 * words), both with 403 or 429: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function readLimit(host: string): ReadLimit {
  return ({ status, headers }, text, now) => {
    if (![403, 422, 429].includes(status)) return undefined
    const said = messageOf(tryJson(text))
    const after = seconds(headers.get('retry-after'))
    const isSecondary = status === 429 || limitWords.test(said) || (status === 403 && after !== undefined)
    const isSpent = status !== 422 && headers.get('x-ratelimit-remaining') === '0'
    if (!isSecondary && !isSpent) return undefined
    const reset = seconds(headers.get('x-ratelimit-reset'))
    const untilReset = isSpent && reset !== undefined ? Math.max(0, reset * 1000 - now) + 1000 : undefined
    const waitMs = after === undefined ? (untilReset ?? unnamedMs) : after * 1000
    const kind = isSpent && after === undefined ? 'rate-limit' : 'secondary-limit'
    const until = `${new Date(now + waitMs).toISOString().slice(0, 19)}Z`
    return { waitMs, trouble: { kind, host, status, said: firstLine(said), until } }
  }
}

function seconds(header: string | null): number | undefined {
  return header !== null && /^\d{1,10}$/.test(header) ? Number(header) : undefined
}

interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly data: unknown
}

/** What an answer that says no means; undefined where the error is no answer. */
export function troubleOf(host: string, error: unknown, token: string): HostTrouble | undefined {
  const answer = answerIn(error)
  if (answer === undefined) return undefined
  const { status, headers, data } = answer
  const said = firstLine(wordsOf(data).replaceAll(token, '[redacted]'))
  const kind = kindOf(status, said, headers)
  const url = kind === 'sign-on' ? signOnUrl(headers['x-github-sso']) : undefined
  const needs = headers['x-accepted-github-permissions']
  return {
    ...{ kind, host, status, said },
    ...(url === undefined ? {} : { url }),
    ...(kind === 'permission' && needs !== undefined ? { needs: needs.slice(0, 200) } : {}),
  }
}

function answerIn(error: unknown): Answered | undefined {
  if (!(error instanceof Error) || !('response' in error) || error.response === undefined) return undefined
  return error.response as Answered
}

function kindOf(status: number, said: string, headers: Answered['headers']): HostTroubleKind {
  if (status === 403 && headers['x-github-sso'] !== undefined) return 'sign-on'
  if (status === 403 && /\barchived\b/i.test(said)) return 'archived'
  if ([400, 410].includes(status) && /api.?version/i.test(said)) return 'version'
  if (/protected branch|rule violations|ruleset/i.test(said)) return 'protected'
  if (status === 451 || /repository access blocked|has been disabled/i.test(said)) return 'blocked'
  const byStatus: Readonly<Record<number, HostTroubleKind>> = {
    ...{ 401: 'token', 403: 'permission', 404: 'missing', 410: 'missing' },
    ...{ 409: 'unavailable', 429: 'secondary-limit' },
  }
  return byStatus[status] ?? (status >= 500 ? 'unavailable' : 'invalid')
}

/** `required; url=https://…`: only an address over TLS is shown as one. */
function signOnUrl(header: string | undefined): string | undefined {
  const url = /url=(\S+)/.exec(header ?? '')?.[1]
  return url !== undefined && URL.canParse(url) && new URL(url).protocol === 'https:' ? url : undefined
}

function messageOf(data: unknown): string {
  const read = Refusal.safeParse(data)
  return read.success ? read.data.message : ''
}

/** The message with what it says of single fields. */
function wordsOf(data: unknown): string {
  const read = Refusal.safeParse(data)
  if (!read.success) return ''
  const { message, errors } = read.data
  const more = errors.slice(0, 3).map((one) => {
    if (typeof one === 'string') return one
    return one.message ?? [one.field, one.code].filter((part) => part !== undefined).join(' is ')
  })
  return [message, ...more].filter((part) => part !== '').join(': ')
}
