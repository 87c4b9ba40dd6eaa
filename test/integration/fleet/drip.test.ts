import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EventBody } from '../../../src/contract/events.ts'
import { publishMany, rejectMany } from '../../../src/runner/commands/fleet/many.ts'
import { runCampaign } from '../../../src/runner/commands/fleet/runCampaign.ts'
import { campaignNow, campaignsHome, openCampaignLog } from '../../../src/store/campaign.ts'
import { campaignFile, campaignJob } from '../../support/campaigns.ts'
import { commandContext } from '../../support/commandContext.ts'
import { git, temporaryFolder } from '../../support/madeRepository.ts'
import { publishableSession } from '../../support/publishableSession.ts'

const warning: EventBody = {
  type: 'warning.raised',
  warning: { code: 'protected:ci', severity: 'acknowledge', message: 'It changes the build server.' },
}

/** A campaign whose one session waits for review. */
async function waiting(
  folder: string,
  publish: object,
  more: readonly EventBody[] = [],
  prepare: (remote: string) => Promise<void> = async () => {},
) {
  const remoteUrl = join(folder, 'remotes/o/r.git')
  const { held } = await publishableSession(folder, { remoteUrl })
  for (const event of more) held.log.emit(event)
  const { id } = held.task
  await held.release()
  await prepare(remoteUrl)
  const { context, said } = commandContext(folder)
  const log = openCampaignLog(campaignsHome(context.sessions), 'uuid', context.now)
  const { key } = campaignJob(1)
  const ended = { outcome: 'awaiting-review', proven: true, reason: '', costUsd: 0 } as const
  await log.append(
    { type: 'campaign.created', campaign: campaignFile({ publish }), runner: 'test' },
    { type: 'campaign.planned', jobs: [campaignJob(1)], unreachable: [] },
    { type: 'job.started', key, session: id, worker: 'w', turn: 1 },
    { type: 'job.ended', key, session: id, turn: 1, ...ended },
  )
  const job = async () => (await campaignNow(log, 'uuid').state()).jobs[0]
  const branches = () => git(remoteUrl, 'branch', '--list', 'drydock/*')
  return { context, said, job, branches }
}

/** The same, run on until nothing of it goes on by itself. */
async function ran(...args: Parameters<typeof waiting>) {
  const { context, said, branches } = await waiting(...args)
  const state = await runCampaign(context, 'uuid', (text) => void context.stdout.write(text))
  return { job: state.jobs[0], said, branches: await branches() }
}

describe('pull requests of a campaign', () => {
  it('are published by themselves where tests prove them, a judge approves and nothing is open', async () => {
    await using folder = await temporaryFolder()
    const { job, branches } = await ran(folder.path, { proven: true })
    equal(job?.outcome, 'published')
    equal(typeof job?.publishedAt, 'string')
    match(branches, /drydock\//)
  })

  it('that a remote refuses wait for a person, with the reason in the report', async () => {
    await using folder = await temporaryFolder()
    const { job, branches, said } = await ran(folder.path, { proven: true }, [], async (remote) => {
      await writeFile(join(remote, 'hooks/pre-receive'), '#!/bin/sh\necho you may not\nexit 1\n', {
        mode: 0o755,
      })
    })
    deepEqual([job?.outcome, branches], ['awaiting-review', ''])
    match(job?.refusal ?? '', /you may not|pre-receive hook declined/)
    match(said(), /acme\/app-1 {2}not published: /)
  })

  it('wait for a person where a warning is open, or where the campaign does not say otherwise', async () => {
    for (const [publish, more] of [
      [{ proven: true }, [warning]],
      [{ proven: false }, []],
    ] as const) {
      await using folder = await temporaryFolder()
      const { job, branches } = await ran(folder.path, publish, more)
      deepEqual([job?.outcome, branches], ['awaiting-review', ''])
    }
  })

  it('are published at a word for many, those alone that need no other', async () => {
    await using folder = await temporaryFolder()
    const ready = await waiting(folder.path, {})
    equal(await publishMany(ready.context, 'uuid', ['acme/app-1'], {}), 0)
    deepEqual([(await ready.job())?.outcome, /drydock/.test(await ready.branches())], ['published', true])
    equal(await publishMany(ready.context, 'uuid', [], {}), 2)
    await using other = await temporaryFolder()
    const open = await waiting(other.path, {}, [warning])
    equal(await publishMany(open.context, 'uuid', [], {}), 4)
    match(open.said(), /needs a look of its own, `drydock show /)
    equal(await open.branches(), '')
    await rejects(rejectMany(open.context, 'uuid', ['acme/other'], {}), /bad-usage/)
    equal(await rejectMany(open.context, 'uuid', ['acme/app-1'], { reason: 'not now' }), 0)
    equal((await open.job())?.outcome, 'rejected')
  })
})
