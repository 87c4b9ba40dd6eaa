import type { Redis } from 'ioredis'
import { type CampaignEventBody, readCampaignEvent } from '../../../contract/fleet/events.ts'
import { tryJson } from '../../../contract/json.ts'
import { type CampaignLog, lineOf } from '../../../store/campaign.ts'
import { prefix } from './connection.ts'

const field = 'event'
const names = `${prefix}:campaigns`

/** A campaign's log as a stream: Redis gives the order in which its many writers appended. */
export function redisLog(redis: Redis, name: string, now: () => Date): CampaignLog {
  const stream = `${prefix}:campaign:${name}:events`
  return {
    async append(...events: readonly CampaignEventBody[]) {
      if (events.length === 0) return
      const all = redis.multi()
      for (const event of events) all.xadd(stream, '*', field, lineOf(event, now()).trimEnd())
      all.sadd(names, name)
      await all.exec()
    },
    async readSince(position) {
      const found = await redis.xrange(stream, position === undefined ? '-' : `(${position}`, '+')
      const events = found.flatMap(([, fields]) => readCampaignEvent(tryJson(fields[1] ?? '')) ?? [])
      return { events, position: found.at(-1)?.[0] ?? position }
    },
  }
}

export async function redisCampaigns(redis: Redis): Promise<readonly string[]> {
  return (await redis.smembers(names)).toSorted()
}
