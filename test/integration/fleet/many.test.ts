import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { join } from 'node:path'
import { closeMany } from '../../../src/runner/commands/fleet/close.ts'
import { publishMany } from '../../../src/runner/commands/fleet/many.ts'
import { campaignNow, campaignsHome, openCampaignLog } from '../../../src/store/campaign.ts'
import { campaignFile, campaignJob } from '../../support/campaigns.ts'
import { commandContext } from '../../support/commandContext.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { canaryKeys } from '../../support/keys.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { publishableSession } from '../../support/publishableSession.ts'

const token = canaryKeys.github
const ids = ['20260102-030405-abc123', '20260102-030406-abc124', '20260102-030407-abc125'] as const

/** A repository at a GitHub of its own, with a session that waits for review. */
async function place(stack: AsyncDisposableStack, home: string, id: string) {
  const folder = join(home, id)
  const remotes = join(folder, 'remotes')
  const server = stack.use(await startGitHttp(remotes))
  const github = stack.use(await playGithub({ root: remotes, token }))
  const { held } = await publishableSession(folder, {
    ...{ id, remotes, remoteUrl: `${server.url}/o/r.git`, githubApiUrl: github.url },
    sessions: join(home, 'sessions'),
  })
  await held.release()
  return github
}

/** A campaign of three repositories; the last one's session ran on another machine. */
async function campaign(stack: AsyncDisposableStack, home: string) {
  const hosts = [await place(stack, home, ids[0]), await place(stack, home, ids[1])] as const
  const { context, said } = commandContext(home, { DRYDOCK_GITHUB_TOKEN: token })
  const log = openCampaignLog(campaignsHome(context.sessions), 'uuid', context.now)
  const jobs = ids.map((_, at) => campaignJob(at))
  await log.append(
    { type: 'campaign.created', campaign: campaignFile(), runner: 'test' },
    { type: 'campaign.planned', jobs, unreachable: [] },
  )
  for (const [at, session] of ids.entries()) {
    const key = jobs[at]?.key ?? ''
    const ended = { outcome: 'awaiting-review', proven: true, reason: '', costUsd: 0 } as const
    await log.append(
      { type: 'job.started', key, session, worker: 'w', turn: 1 },
      { type: 'job.ended', key, session, turn: 1, ...ended },
    )
  }
  const elsewhere = {
    key: jobs[2]?.key ?? '',
    session: ids[2],
    pullRequest: 'https://git.example.com/o/r/pull/9',
  }
  await log.append({ type: 'job.seen', outcome: 'published', ...elsewhere })
  const outcomes = async () => (await campaignNow(log, 'uuid').state()).jobs.map(({ outcome }) => outcome)
  const pulls = () => hosts.map(({ world }) => world.repositories[0]?.pulls[0]?.state)
  return { context, said, hosts, outcomes, pulls }
}

describe('pull requests of a campaign that are open', function () {
  this.timeout(180_000)

  it('are closed at a word, with the reason; what a host refuses keeps none of the others from it', async () => {
    await using folder = await temporaryFolder()
    await using stack = new AsyncDisposableStack()
    const { context, said, hosts, outcomes, pulls } = await campaign(stack, folder.path)
    equal(await publishMany(context, 'uuid', [], { perHour: 1e9 }), 0)
    deepEqual(
      [await outcomes(), pulls()],
      [
        ['published', 'published', 'published'],
        ['open', 'open'],
      ],
    )

    // Nobody is there to be asked.
    await rejects(closeMany(context, 'uuid', [], {}), /bad-usage: .*--yes/)
    deepEqual(pulls(), ['open', 'open'])

    const [first, second] = hosts.map(({ world }) => world.repositories[0])
    if (first !== undefined) first.archived = true
    equal(await closeMany(context, 'uuid', [], { yes: true, reason: 'uuid 10 is out' }), 4)
    deepEqual(
      [await outcomes(), pulls()],
      [
        ['published', 'closed', 'published'],
        ['open', 'closed'],
      ],
    )
    match(said(), /acme\/app-0 {2}not closed: It is still open: .*archived so is read-only\.\n/)
    match(said(), /acme\/app-1 {2}closed\n/)
    match(said(), /acme\/app-2 {2}not closed: Session .* lies on another machine/)
    const why = 'Closed with the campaign `uuid` of Drydock: uuid 10 is out.'
    deepEqual(
      second?.comments.map(({ body }) => body),
      [why],
    )
    deepEqual(first?.comments, [])

    equal(await closeMany(context, 'uuid', ['acme/app-1'], { yes: true }), 2)
    match(said(), /No pull request of it is open\.\n$/)
  })

  it('that were merged meanwhile are left as they are', async () => {
    await using folder = await temporaryFolder()
    await using stack = new AsyncDisposableStack()
    const { context, said, hosts, outcomes } = await campaign(stack, folder.path)
    equal(await publishMany(context, 'uuid', ['acme/app-0'], { perHour: 1e9 }), 0)
    const [at] = hosts[0].world.repositories
    Object.assign(at?.pulls[0] ?? {}, { state: 'closed', merged: true })
    equal(await closeMany(context, 'uuid', ['acme/app-0'], { yes: true }), 0)
    match(said(), /acme\/app-0 {2}merged already\n/)
    deepEqual([(await outcomes())[0], at?.comments], ['merged', []])
  })
})
