import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { type Connected, connectRedis } from '../../../src/runner/fleet/redis/connection.ts'
import { type Admission, type Claim, openLedger } from '../../../src/runner/fleet/redis/ledger.ts'
import { redisLog } from '../../../src/runner/fleet/redis/log.ts'
import { campaignNow } from '../../../src/store/campaign.ts'
import { campaignFile, campaignJob } from '../../support/campaigns.ts'
import { startRedis, type TestRedis } from '../../support/redis.ts'

const caps = {
  ...{ campaignUsd: undefined, dayUsd: undefined, organisationUsd: undefined },
  ...{ concurrency: 1000, perOrganisation: undefined },
}

describe('the ledger of a fleet', () => {
  let server: TestRedis
  let connected: Connected
  let other: Connected
  before(async () => {
    server = await startRedis()
    connected = await connectRedis(server.url)
    other = await connectRedis(server.url)
  })
  beforeEach(() => connected.redis.flushall())
  after(async () => {
    await connected[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    await server[Symbol.asyncDispose]()
  })

  const claim = (at: number, changes: Partial<Claim> = {}): Claim => ({
    ...{ id: `c.${at}`, campaign: 'c', turn: 1, organisation: 'acme', repository: `r${at}`, usd: 2 },
    ...changes,
  })
  const answers = (all: readonly Admission[]) => all.map(({ answer }) => answer)

  it('sets aside no more than the cap, however many workers ask at once', async () => {
    const ledgers = [openLedger(connected.redis), openLedger(other.redis)]
    for (const [name, limits] of [
      ['campaign', { ...caps, campaignUsd: 21 }],
      ['day', { ...caps, dayUsd: 21 }],
      ['organisation', { ...caps, organisationUsd: 21 }],
    ] as const) {
      await connected.redis.flushall()
      const asked = Array.from({ length: 100 }, (_, at) => ledgers[at % 2]?.admit(claim(at), limits, 10_000))
      const said = answers((await Promise.all(asked)).filter((one) => one !== undefined))
      equal(said.filter((one) => one === 'ok').length, 10, name)
      equal(said.filter((one) => one === 'wait').length, 90, name)
    }
  })

  it('says never where what is spent leaves no session, and gives back what a session did not need', async () => {
    const ledger = openLedger(connected.redis)
    const limits = { ...caps, campaignUsd: 4 }
    equal((await ledger.admit(claim(1), limits, 10_000)).answer, 'ok')
    await ledger.settle(claim(1), 0.25)
    await ledger.settle(claim(1), 0.25)
    deepEqual(await ledger.standing('c'), { spentUsd: 0.25, heldUsd: 0 })
    equal((await ledger.admit(claim(2), limits, 10_000)).answer, 'ok')
    await ledger.settle(claim(2), 2)
    deepEqual(await ledger.admit(claim(3), limits, 10_000), {
      answer: 'never',
      of: 'campaign',
      spentUsd: 2.25,
    })
  })

  it('gives each turn of a job to one worker alone, and none back that was had', async () => {
    const ledgers = [openLedger(connected.redis), openLedger(other.redis)]
    const both = await Promise.all(ledgers.map((one) => one.admit(claim(1), caps, 10_000)))
    deepEqual(answers(both).sort(), ['ok', 'taken'])
    await ledgers[0]?.settle(claim(1), 1)
    equal((await ledgers[1]?.admit(claim(1), caps, 10_000))?.answer, 'taken')
    equal((await ledgers[1]?.admit(claim(1, { turn: 2 }), caps, 10_000))?.answer, 'ok')
  })

  it('lets nobody have a job whose holder is alive, and counts all of it as spent where one died', async () => {
    const ledger = openLedger(connected.redis)
    await ledger.admit(claim(1), caps, 60)
    equal((await ledger.admit(claim(1, { turn: 2 }), caps, 60)).answer, 'wait')
    deepEqual(await ledger.renew([claim(1)], 60), [])
    ok(await ledger.isHeld('c.1'))
    await untilFree(() => ledger.isHeld('c.1'))
    equal((await ledger.admit(claim(1, { turn: 2 }), caps, 10_000)).answer, 'ok')
    deepEqual(await ledger.standing('c'), { spentUsd: 2, heldUsd: 2 })
    deepEqual(await ledger.renew([claim(1)], 60), ['c.1'])
    await ledger.settle(claim(1), 0.5)
    deepEqual(await ledger.standing('c'), { spentUsd: 2, heldUsd: 2 })
  })

  it('gives a turn again whose holder died before it began, and not back to that one', async () => {
    const ledger = openLedger(connected.redis)
    const [first, second] = [claim(1, { holder: 'a:1' }), claim(1, { holder: 'b:1' })]
    await ledger.admit(first, caps, 60)
    equal((await ledger.admit(second, caps, 10_000)).answer, 'taken')
    await untilFree(() => ledger.isHeld('c.1'))
    equal((await ledger.admit(second, caps, 10_000)).answer, 'ok')
    deepEqual(await ledger.renew([first], 60), ['c.1'])
    await ledger.settle(first, 0)
    deepEqual(await ledger.renew([second], 10_000), [])
    deepEqual(await ledger.standing('c'), { spentUsd: 2, heldUsd: 2 })
    await ledger.settle(second, 0)
    equal((await ledger.admit(claim(1), caps, 10_000)).answer, 'taken')
  })

  it('lets no two jobs into one repository, and as many at once as campaign and organisation may', async () => {
    const ledger = openLedger(connected.redis)
    await ledger.admit(claim(1), caps, 10_000)
    equal((await ledger.admit(claim(2, { repository: 'r1' }), caps, 10_000)).answer, 'wait')
    equal((await ledger.admit(claim(3), { ...caps, concurrency: 1 }, 10_000)).answer, 'wait')
    equal((await ledger.admit(claim(4), { ...caps, perOrganisation: 1 }, 10_000)).answer, 'wait')
    equal(
      (await ledger.admit(claim(5, { organisation: 'b' }), { ...caps, perOrganisation: 1 }, 10_000)).answer,
      'ok',
    )
  })

  it('lets one pass in an interval, over all workers', async () => {
    const ledgers = [openLedger(connected.redis), openLedger(other.redis)]
    const waits = await Promise.all(
      Array.from({ length: 10 }, (_, at) => ledgers[at % 2]?.turn('drip', 5000)),
    )
    equal(waits.filter((wait) => wait === 0).length, 1)
    ok(waits.every((wait) => (wait ?? -1) >= 0 && (wait ?? 5001) <= 5000))
  })

  it('keeps money and events over a restart as a power cut is', async () => {
    const ledger = openLedger(connected.redis)
    const log = redisLog(connected.redis, 'uuid', () => new Date())
    await log.append({ type: 'campaign.created', campaign: campaignFile(), runner: 'test' })
    await log.append({ type: 'campaign.planned', jobs: [campaignJob(1)], unreachable: [] })
    await ledger.admit(claim(1), caps, 60_000)
    // Redis writes its file once a second.
    await connected.redis
      .call('WAITAOF', '1', '0', '2000')
      .catch(() => new Promise((resolve) => setTimeout(resolve, 1500)))
    await server.restart()
    deepEqual(await ledger.standing('c'), { spentUsd: 0, heldUsd: 2 })
    equal((await campaignNow(log, 'uuid').state()).jobs.length, 1)
  })

  it('says what a Redis would lose that keeps no file', async () => {
    deepEqual(connected.doubts, [])
    await using forgetful = await startRedis({ appendonly: false })
    await using found = await connectRedis(forgetful.url)
    match(found.doubts.join(), /appendonly no/)
  })

  it('tells of a queue that is not there within seconds, and never its password', async () => {
    const said = await connectRedis('redis://:s3cret@127.0.0.1:1').catch((error: unknown) => String(error))
    match(String(said), /queue-unreachable: The queue at 127\.0\.0\.1:1 does not answer/)
    equal(String(said).includes('s3cret'), false)
    match(String(await connectRedis('http://example.com').catch(String)), /queue-unreachable/)
  })
})

async function untilFree(isHeld: () => Promise<boolean>): Promise<void> {
  while (await isHeld()) await new Promise((resolve) => setTimeout(resolve, 10))
}
