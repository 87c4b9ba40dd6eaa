import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { EventBody } from '../../../src/contract/events.ts'
import { connectRedis } from '../../../src/runner/fleet/redis/connection.ts'
import { redisPace } from '../../../src/runner/fleet/redis/pace.ts'
import type { Fault } from '../../support/model/script.ts'
import { type PlayedModel, startModel } from '../../support/model/server.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'

const program = join(import.meta.dirname, '../../support/pacedSession.ts')
type Waited = Extract<EventBody, { type: 'model.retried' }>

/** Two processes, a real Redis between them, and one model that both ask. */
describe('the pace of a fleet', () => {
  let redis: TestRedis
  let model: PlayedModel
  before(async () => {
    redis = await startRedis()
  })
  afterEach(() => model.close())
  after(() => redis[Symbol.asyncDispose]())

  async function asked(
    campaigns: readonly [string, string],
    count: number,
    { perMinute = '', faults = [] }: { perMinute?: string; faults?: readonly Fault[] },
  ): Promise<readonly (readonly Waited[])[]> {
    model = await startModel({ judge: async () => ({ text: 'ok' }), faults })
    const all = campaigns.map(async (campaign) => {
      const args = [program, redis.url, model.url, campaign, String(count), perMinute]
      const { stdout } = await promisify(execFile)(process.execPath, args)
      return JSON.parse(stdout) as Waited[]
    })
    return Promise.all(all)
  }

  it('lets all of them together ask as often as the campaign may, and each says that it waits', async () => {
    const said = await asked(['spaced', 'spaced'], 4, { perMinute: '40' })
    const times = model.requests.map(({ at }) => at)
    deepEqual(times.length, 8)
    // An answer's way to us is not paced: from the first to the last is.
    ok((times.at(-1) ?? 0) - (times[0] ?? 0) >= 7 * 1500 - 400, String(times))
    for (const waits of said) {
      ok(waits.length > 0)
      match(waits[0]?.reason ?? '', /all sessions together ask 40 times a minute at most/)
    }
  })

  it('lets the others wait where one was told to, whatever campaign they are of', async () => {
    const told: Fault = { request: 3, kind: 'rate-limit', purpose: 'judge', retryAfterSeconds: 7 }
    const said = await asked(['one', 'other'], 4, { perMinute: '120', faults: [told] })
    const { requests } = model
    const refused = requests.find(({ status }) => status === 429)
    ok(refused)
    // What was on its way before the refusal was heard of is not called back.
    const soon = requests.filter(({ at }) => at > refused.at + 3000 && at < refused.at + 6900)
    deepEqual(
      soon.map(({ at }) => at - refused.at),
      [],
    )
    deepEqual(requests.filter(({ status }) => status === 200).length, 8)
    const reasons = said.flat().map(({ reason }) => reason)
    ok(
      reasons.some((reason) => /another session was told to wait/.test(reason)),
      reasons.join(),
    )
    ok(
      reasons.some((reason) => /^429 /.test(reason)),
      reasons.join(),
    )
  })

  it('gives no place twice, and voids those that were given before a hold', async () => {
    model = await startModel({})
    await using one = await connectRedis(redis.url)
    await using two = await connectRedis(redis.url)
    const paces = [one, two].map(({ redis: connection }) => redisPace(connection, 'places', 600))
    const places = await Promise.all(Array.from({ length: 20 }, (_, at) => paces[at % 2]?.place()))
    const waits = places.map((place) => place?.waitMs ?? 0).toSorted((a, b) => a - b)
    ok((waits.at(-1) ?? 0) > 1700, String(waits))
    ok(places.every((place) => place?.held === false))
    const [first] = places
    ok(first !== undefined)
    await paces[1]?.hold(5000)
    deepEqual(await paces[0]?.take(first), false)
    const after = await paces[0]?.place()
    equal(after?.held, true)
    ok((after?.waitMs ?? 0) > 4500 && (after?.waitMs ?? 0) <= 5000, String(after?.waitMs))
    // A shorter word does not shorten a longer one.
    await paces[1]?.hold(10)
    ok(((await paces[0]?.place())?.waitMs ?? 0) > 4000)
  })

  it('holds nobody up for long where the queue is away', async () => {
    model = await startModel({})
    const away = await startRedis()
    await using connected = await connectRedis(away.url)
    const pace = redisPace(connected.redis, 'away', 60)
    await away[Symbol.asyncDispose]()
    const place = await pace.place()
    deepEqual([place, await pace.take(place)], [{ waitMs: 0, held: false, holds: -1 }, true])
  })
})
