import { setTimeout as after } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { intervalOf, type Pace, type Place } from '../../gateway/pace.ts'
import { prefix } from './connection.ts'

/** A queue that is away for longer holds no session up: the model's own answers still pace it. */
const patienceMs = 5000
/** Keys of nobody who asks any more go by themselves. */
const forgottenMs = 10 * 60_000

const common = `
local now = redis.call('TIME'); local ms = now[1] * 1000 + math.floor(now[2] / 1000)
local function number(key, name) return tonumber(redis.call('HGET', key, name) or '0') end
local holds = number(KEYS[2], 'holds')
`

const scripts = {
  place: `${common}
local interval = tonumber(ARGV[1])
local next = number(KEYS[1], 'next')
-- Every place that was given before the hold is void: the row begins anew.
if number(KEYS[1], 'holds') ~= holds then next = number(KEYS[1], 'sent') + interval end
local til = number(KEYS[2], 'until')
local at = math.max(ms, next, til)
redis.call('HSET', KEYS[1], 'next', at + interval, 'holds', holds)
redis.call('PEXPIRE', KEYS[1], at + interval - ms + tonumber(ARGV[2]))
return {at - ms, til > ms and 1 or 0, holds}`,
  take: `${common}
if holds ~= tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'sent', ms)
return 1`,
  hold: `${common}
local til = math.max(ms + tonumber(ARGV[1]), number(KEYS[2], 'until'))
redis.call('HSET', KEYS[2], 'until', til, 'holds', holds + 1)
redis.call('PEXPIRE', KEYS[2], til - ms + tonumber(ARGV[2]))
return 1`,
}

/**
 * For every worker: a campaign's requests in one row, decided inside Redis; what one is told by the model's server holds
 * for all campaigns, which ask the same one.
 */
export function redisPace(redis: Redis, campaign: string, requestsPerMinute: number | undefined): Pace {
  const keys = [`${prefix}:campaign:${campaign}:pace`, `${prefix}:model:hold`]
  const intervalMs = intervalOf(requestsPerMinute)
  const run = <Value>(script: string, args: readonly number[], otherwise: Value): Promise<Value> => {
    const said = redis.eval(script, keys.length, ...keys, ...args) as Promise<Value>
    const late = after(patienceMs, otherwise, { ref: false })
    return Promise.race([said.catch(() => otherwise), late])
  }
  return {
    requestsPerMinute,
    async place(): Promise<Place> {
      const [waitMs, held, holds] = await run(scripts.place, [intervalMs, forgottenMs], [0, 0, -1])
      return { waitMs, held: held === 1, holds }
    },
    async take({ holds }) {
      // Given while the queue was away: there is no row to stand in.
      if (holds < 0) return true
      return (await run(scripts.take, [holds], 1)) === 1
    },
    async hold(ms) {
      await run(scripts.hold, [Math.ceil(ms), forgottenMs], 1)
    },
  }
}
