import { Redis } from 'ioredis'
import { toFailure } from '../../../contract/failure.ts'
import { failures } from '../../../contract/failures.ts'

/** All that is ours in a Redis begins so. */
export const prefix = 'drydock'

export interface Connected extends AsyncDisposable {
  readonly redis: Redis
  readonly url: string
  /** Host and port, without credentials. */
  readonly where: string
  /** What a restart of that Redis would lose, and what it may drop; empty where it keeps everything. */
  readonly doubts: readonly string[]
}

/** Throws `queue-unreachable` where nobody answers; later the connection comes back by itself. */
export async function connectRedis(url: string): Promise<Connected> {
  if (!URL.canParse(url) || !/^rediss?:$/.test(new URL(url).protocol))
    throw failures.queueUnreachable('DRYDOCK_REDIS_URL', 'it is no address such as redis://127.0.0.1:6379')
  const where = new URL(url).host
  const redis = new Redis(url, {
    ...{ lazyConnect: true, maxRetriesPerRequest: null, connectTimeout: 5000 },
    // A link that is cut without a word is found out, long before the system would.
    socketTimeout: 10_000,
    // In the first seconds often, then now and then; never in step with other workers.
    retryStrategy: (times) => Math.min(200 * 2 ** Math.min(times, 5), 5000) * (0.5 + Math.random() / 2),
  })
  let last = ''
  redis.on('error', (error: Error) => {
    last = error.message
  })
  try {
    const late = AbortSignal.timeout(10_000)
    await Promise.race([
      redis.connect().then(() => redis.ping()),
      new Promise((_, reject) => {
        late.addEventListener('abort', () => reject(new Error(last || 'no answer within 10 s')))
        redis.once('error', reject)
      }),
    ])
    const doubts = doubtsOf(await redis.info('persistence'), await redis.info('memory'))
    return { redis, url, where, doubts, [Symbol.asyncDispose]: async () => redis.disconnect() }
  } catch (error) {
    redis.disconnect()
    throw failures.queueUnreachable(where, withoutCredentials(toFailure(error).message, url))
  }
}

function withoutCredentials(text: string, url: string): string {
  const { password } = new URL(url)
  return password === '' ? text : text.replaceAll(decodeURIComponent(password), '…')
}

export function doubtsOf(persistence: string, memory: string): readonly string[] {
  const of = (text: string, name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(text)?.[1] ?? ''
  const policy = of(memory, 'maxmemory_policy')
  return [
    ...(of(persistence, 'aof_enabled') === '1'
      ? []
      : ['It keeps no append-only file (appendonly no): a restart loses what came after its last snapshot.']),
    ...(of(persistence, 'aof_last_write_status') === 'err' ||
    of(persistence, 'rdb_last_bgsave_status') === 'err'
      ? ['Its last write to disk failed.']
      : []),
    ...(policy === '' || policy === 'noeviction' ? [] : [`It drops keys when memory is short (${policy}).`]),
  ]
}
