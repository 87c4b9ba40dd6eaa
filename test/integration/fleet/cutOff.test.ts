import { deepEqual, equal } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { connectRedis } from '../../../src/runner/fleet/redis/connection.ts'
import { openLedger } from '../../../src/runner/fleet/redis/ledger.ts'
import { redisLog } from '../../../src/runner/fleet/redis/log.ts'
import { takeSlot } from '../../../src/runner/slots.ts'
import { campaignNow } from '../../../src/store/campaign.ts'
import { readSession } from '../../../src/store/session.ts'
import { openDrydock } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { linkTo, startRedis } from '../../support/redis.ts'

describe('a worker that is cut off from its queue', function () {
  this.timeout(120_000)

  it('ends what it runs when another one may have taken over, and its end changes nothing', async () => {
    await using folder = await temporaryFolder()
    await makeRepository(join(folder.path, 'app'), { 'package.json': '{"name":"app","version":"1.0.0"}\n' })
    const file = join(folder.path, 'campaign.yaml')
    await writeFile(file, 'name: light\nupdate: left-pad\nrepositories: [app]\nsettings: { budgetUsd: 2 }\n')
    await using redis = await startRedis()
    await using link = await linkTo(redis.port)
    await using connected = await connectRedis(redis.url)
    await using near = await openDrydock()
    await using far = await openDrydock()
    const now = campaignNow(
      redisLog(connected.redis, 'light', () => new Date()),
      'light',
    )
    const direct = { DRYDOCK_REDIS_URL: redis.url }
    equal((await near.run(['fleet', 'submit', file], direct)).code, 0)

    // Its session waits for a slot, as long as somebody else holds both of them.
    const none = new AbortController().signal
    const slots = await Promise.all(
      [0, 1].map(() => takeSlot(join(far.home, 'cache/slots'), 2, none, () => undefined)),
    )
    const args = ['fleet', 'worker', '--until-done', '--lease-seconds', '2']
    const cutOff = far.start(args, { DRYDOCK_REDIS_URL: `redis://127.0.0.1:${link.port}` })
    await until(async () => (await now.state()).jobs[0]?.status === 'running')
    const lost = (await now.state()).jobs[0]?.session ?? ''
    // Cut before that, it would never begin.
    await until(async () => (await readSession(join(far.home, 'sessions'), lost).catch(() => null)) !== null)
    link.cut()
    equal((await near.run(args, direct)).code, 0)
    await until(async () => (await readSession(join(far.home, 'sessions'), lost)).outcome !== null)
    link.mend()
    equal((await cutOff.ended).code, 0)
    for (const slot of slots) await slot.release()

    const [job] = (await now.state()).jobs
    deepEqual([job?.outcome, job?.sessions.length, job?.sessions[0]], ['setup-failed', 2, lost])
    equal((await readSession(join(far.home, 'sessions'), lost)).outcome, 'cancelled')
    // Nobody here could know what the lost session had cost: all of it counts, and nothing stays set aside.
    deepEqual(await openLedger(connected.redis).standing('light'), { spentUsd: 2, heldUsd: 0 })
  })
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50))
}
