import { setTimeout as after } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { EnvHttpProxyAgent, type Response, fetch as undiciFetch } from 'undici'
import type { DrydockError } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'
import { childText, type Element, each, parseXml } from '../../xml.ts'
import { sha256 } from './layout.ts'
import type { SharedStore, Stored } from './store.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface Bucket {
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
}

/** A page of a list has a thousand names; an error a few lines. */
const maxAnswerBytes = 8 * 1024 * 1024
/** A service that asks for patience gets it, so many times. */
const tries = 3

/**
 * A bucket of S3, or of whatever speaks its language. Credentials, region and endpoint are those of the standard
 * variables. Throws `store-refused` where there are no credentials.
 */
export function s3Store({ bucket, prefix }: Bucket, env: Environment, limitMs: number): SharedStore {
  const where = `s3://${bucket}/${prefix}`.replace(/\/$/, '')
  const ask = requester(where, bucket, env, limitMs)
  const path = (name: string): string => `/${encoded(`${prefix}${name}`).replaceAll('%2F', '/')}`
  return {
    where,
    async put(name, bytes) {
      accepted(where, await ask('PUT', path(name), maxAnswerBytes, bytes))
    },
    async get(name, maxBytes) {
      const answer = await ask('GET', path(name), maxBytes)
      if (answer.status === 404 && codeOf(answer.bytes) === 'NoSuchKey') return undefined
      if (answer.larger) throw failures.storeDamaged(name, `it has more than ${maxBytes} bytes`)
      return accepted(where, answer)
    },
    async list(wanted) {
      const found: Stored[] = []
      for (let next: string | undefined = ''; next !== undefined; ) {
        const from = next === '' ? '' : `&continuation-token=${encoded(next)}`
        const query = `list-type=2&prefix=${encoded(`${prefix}${wanted}`)}${from}`
        const page = pageOf(where, accepted(where, await ask('GET', `/?${query}`, maxAnswerBytes)))
        for (const one of each(page, 'Contents')) found.push(storedOf(one, prefix))
        next =
          childText(page, 'IsTruncated') === 'true' ? childText(page, 'NextContinuationToken') : undefined
      }
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1))
    },
    async delete(name) {
      const answer = await ask('DELETE', path(name), maxAnswerBytes)
      if (answer.status !== 404) accepted(where, answer)
    },
  }
}

interface Answer {
  readonly status: number
  readonly bytes: Buffer
  /** There was more than was asked for at most. */
  readonly larger: boolean
}

type Ask = (method: string, path: string, maxBytes: number, body?: Buffer) => Promise<Answer>

/** Signed requests through the host's proxy, each ended in time. */
function requester(where: string, bucket: string, env: Environment, limitMs: number): Ask {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: token,
  } = env
  if (!accessKeyId || !secretAccessKey) throw failures.storeRefused(where, 'no credentials are set')
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1'
  const keys = {
    accessKeyId,
    secretAccessKey,
    region,
    service: 's3',
    ...(token ? { sessionToken: token } : {}),
  }
  const base = baseOf(bucket, region, env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL)
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: env.HTTP_PROXY || env.http_proxy || '',
    httpsProxy: env.HTTPS_PROXY || env.https_proxy || '',
    noProxy: env.NO_PROXY || env.no_proxy || '',
  })
  return async (method, path, maxBytes, body) => {
    const signal = AbortSignal.timeout(limitMs)
    const digest = { 'X-Amz-Content-Sha256': sha256(body ?? '') }
    try {
      for (let left = tries; ; left -= 1) {
        const signer = new AwsV4Signer({ ...keys, method, url: `${base}${path}`, headers: digest })
        const { url, headers } = await signer.sign()
        const response = await undiciFetch(url, {
          ...{ method, headers: [...headers], signal, dispatcher },
          // A wrong region is answered with another address, which the signature does not hold for.
          redirect: 'manual',
          ...(body === undefined ? {} : { body }),
        })
        const answer = await answerOf(response, maxBytes)
        if (left <= 1 || (answer.status < 500 && answer.status !== 429)) return answer
        await after(200 * 2 ** (tries - left) * (0.5 + Math.random()), undefined, { signal })
      }
    } catch (error) {
      throw failures.storeUnreachable(where, reasonOf(error))
    }
  }
}

async function answerOf(response: Response, maxBytes: number): Promise<Answer> {
  const most = response.ok ? maxBytes : maxAnswerBytes
  const pieces: Uint8Array[] = []
  let size = 0
  // What was not read is not waited for: leaving the loop ends the answer.
  for await (const piece of response.body ?? []) {
    size += piece.length
    if (size > most) break
    pieces.push(piece)
  }
  return { status: response.status, bytes: Buffer.concat(pieces), larger: size > most }
}

function accepted(where: string, { status, bytes }: Answer): Buffer {
  if (status >= 200 && status < 300) return bytes
  throw refused(where, status, bytes)
}

/** As signatures have it, which leave out fewer signs than an address may. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Other services are found at an address of their own, and know a bucket by its path; so is one whose name is no host's. */
function baseOf(bucket: string, region: string, endpoint: string | undefined): string {
  if (endpoint) return `${endpoint.replace(/\/+$/, '')}/${bucket}`
  const host = `s3.${region}.amazonaws.com`
  return bucket.includes('.') ? `https://${host}/${bucket}` : `https://${bucket}.${host}`
}

function pageOf(where: string, bytes: Buffer): Element {
  try {
    return parseXml(bytes.toString('utf8'))
  } catch {
    throw failures.storeUnreachable(where, 'what answers is no S3')
  }
}

function storedOf(one: Element, prefix: string): Stored {
  return {
    name: (childText(one, 'Key') ?? '').slice(prefix.length),
    bytes: Number(childText(one, 'Size') ?? 0),
    at: new Date(childText(one, 'LastModified') ?? 0).toISOString(),
  }
}

function codeOf(bytes: Buffer): string | undefined {
  try {
    return childText(parseXml(bytes.toString('utf8')), 'Code')
  } catch {
    return undefined
  }
}

/** What the service says is its code alone: its sentences may repeat what was sent. */
function refused(where: string, status: number, bytes: Buffer): DrydockError {
  const code = /^[A-Za-z]{1,60}$/.exec(codeOf(bytes) ?? '')?.[0] ?? `HTTP ${status}`
  return status >= 500 || status === 429
    ? failures.storeUnreachable(where, code)
    : failures.storeRefused(where, code)
}

function reasonOf(error: unknown): string {
  const { name, message, cause } = error as Error
  if (name === 'TimeoutError') return 'no answer in time'
  const { code } = Object(cause) as { readonly code?: unknown }
  return typeof code === 'string' ? code : message.replace(/\.$/, '')
}
