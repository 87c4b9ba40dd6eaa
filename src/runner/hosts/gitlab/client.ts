import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import type { HostTrouble, HostTroubleKind } from '../../../contract/hostTrouble.ts'
import { tryJson } from '../../../contract/json.ts'
import {
  firstLine,
  type HostConnection,
  hostFetch,
  notAnswered,
  type ReadLimit,
  refusalIn,
} from '../connection.ts'
import { HostRefusal } from '../host.ts'
import type { Kept } from '../kept.ts'

/** A project at GitLab, and how its interface (version 4) is reached. */
export interface GitlabProject {
  /** With all its groups. */
  readonly path: string
  /** The server: `https://gitlab.com`. */
  readonly server: string
}

type Query = Readonly<Record<string, string | number>>

export interface Gitlab {
  readonly name: string
  /** `below` the project: `/merge_requests`. Throws `HostRefusal`, or `cancelled`. */
  get<T>(below: string, query: Query, schema: z.ZodType<T>, kept?: Kept): Promise<T>
  /** The text that stands there: a job's log. */
  text(below: string): Promise<string>
  send<T>(method: 'POST' | 'PUT', below: string, body: object, schema: z.ZodType<T>): Promise<T>
  /** Somewhere else on the server: `/users`. */
  getAt<T>(path: string, query: Query, schema: z.ZodType<T>): Promise<T>
}

/** The part of GitLab's error answers that is read. */
const Refusal = z.looseObject({
  message: z.unknown().optional(),
  error: z.string().optional(),
  error_description: z.string().optional(),
})

export function openGitlab(project: GitlabProject, connection: HostConnection): Gitlab {
  const { host } = new URL(project.server)
  const name = host === 'gitlab.com' ? 'GitLab' : host
  const ask = hostFetch(name, connection, readLimit(name))
  const call = async <T>(
    path: string,
    init: RequestInit,
    schema: z.ZodType<T>,
    kept?: Kept,
    read: (text: string) => unknown = tryJson,
  ): Promise<T> => {
    const url = `${project.server.replace(/\/+$/, '')}/api/v4${path}`
    const known = kept?.get(path)
    const before = known === undefined ? undefined : schema.safeParse(known.value)
    const headers = {
      ...{ accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'drydock' },
      'private-token': connection.token,
      ...(before?.success === true ? { 'if-none-match': known?.etag ?? '' } : {}),
    }
    try {
      const answer = await ask(url, { ...init, headers })
      if (answer.status === 304 && before?.success === true) return before.data
      const text = await answer.text()
      if (!answer.ok) throw new HostRefusal(troubleOf(name, answer.status, text, connection.token))
      const value = schema.parse(read(text))
      const etag = answer.headers.get('etag')
      if (etag !== null) kept?.put(path, { etag, value })
      return value
    } catch (error) {
      throw refused(name, error, connection)
    }
  }
  const own = `/projects/${encodeURIComponent(project.path)}`
  return {
    name,
    get: (below, query, schema, kept) =>
      call(`${own}${below}${queryOf(query)}`, { method: 'GET' }, schema, kept),
    text: (below) => call(`${own}${below}`, { method: 'GET' }, z.string(), undefined, (text) => text),
    send: (method, below, body, schema) =>
      call(`${own}${below}`, { method, body: JSON.stringify(body) }, schema),
    getAt: (path, query, schema) => call(`${path}${queryOf(query)}`, { method: 'GET' }, schema),
  }
}

function queryOf(query: Query): string {
  const text = new URLSearchParams(
    Object.entries(query).map(([key, value]) => [key, String(value)]),
  ).toString()
  return text === '' ? '' : `?${text}`
}

function refused(name: string, error: unknown, connection: HostConnection): Error {
  if (connection.signal?.aborted === true) return failures.cancelled()
  const known = refusalIn(error)
  if (known !== undefined) return known
  if (error instanceof z.ZodError) return new HostRefusal({ kind: 'garbled', host: name })
  return new HostRefusal(notAnswered(name, error, connection), { cause: error })
}

/** 429, with `retry-after` or `ratelimit-reset`: https://docs.gitlab.com/security/rate_limits */
function readLimit(host: string): ReadLimit {
  return ({ status, headers }, text, now) => {
    if (status !== 429) return undefined
    const after = Number(headers.get('retry-after') ?? Number.NaN)
    const reset = Number(headers.get('ratelimit-reset') ?? Number.NaN)
    const named = Number.isFinite(after) ? after * 1000 : reset * 1000 - now + 1000
    const waitMs = Number.isFinite(named) ? Math.max(0, named) : 60_000
    const until = `${new Date(now + waitMs).toISOString().slice(0, 19)}Z`
    return { waitMs, trouble: { kind: 'rate-limit', host, status, said: firstLine(text), until } }
  }
}

function troubleOf(host: string, status: number, text: string, token: string): HostTrouble {
  const said = firstLine(wordsOf(tryJson(text)).replaceAll(token, '[redacted]'))
  return { kind: kindOf(status, said), host, status, said }
}

function kindOf(status: number, said: string): HostTroubleKind {
  if (/\barchived\b/i.test(said)) return 'archived'
  if (/SAML|single sign-on/i.test(said)) return 'sign-on'
  if (/protected branch/i.test(said)) return 'protected'
  const byStatus: Readonly<Record<number, HostTroubleKind>> = {
    401: 'token',
    403: 'permission',
    404: 'missing',
  }
  return byStatus[status] ?? (status >= 500 ? 'unavailable' : 'invalid')
}

/** GitLab's messages are a text, a list, or lists by field. */
function wordsOf(data: unknown): string {
  const read = Refusal.safeParse(data)
  if (!read.success) return ''
  const { message, error, error_description: more } = read.data
  const words = typeof message === 'string' || message === undefined ? message : JSON.stringify(message)
  return [words, error, more].filter((part) => part !== undefined && part !== '').join(': ')
}
