import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { publishCommand, publishSession } from '../../../../src/runner/commands/publish.ts'
import { sessionSummary } from '../../../../src/runner/terminal/summary.ts'
import { readSession } from '../../../../src/store/session.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { git, temporaryFolder } from '../../../support/madeRepository.ts'
import { waitingId, waitingSession } from '../../../support/waitingSession.ts'

const coded = (code: string, words: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === code && words.test(error.failure.message)
const word = { acknowledge: ['api-removed'], withoutJudge: false, unverified: false, quiet: false }

async function withoutRemote(folder: string) {
  const { held, root } = await waitingSession(folder, { withoutRemote: true })
  await held.release()
  const bare = join(folder, 'remote.git')
  await git(folder, 'init', '-q', '--bare', bare)
  return { root, bare, ...commandContext(folder) }
}

describe('a session that began without a remote', () => {
  it('is published to the one that came since, once that has what the change stands on', async () => {
    await using folder = await temporaryFolder()
    const { root, bare, context, said } = await withoutRemote(folder.path)
    const publish = () => publishSession(context, waitingId, word)
    const waiting = await readSession(context.sessions, waitingId)
    assert.match(
      await sessionSummary(context, waiting),
      /Next: Add a remote with `git remote add origin URL`/,
    )
    await assert.rejects(publish, coded('no-remote', /has no remote/))
    await git(root, 'remote', 'add', 'origin', bare)
    await assert.rejects(publish, coded('no-remote', /origin does not have its base commit/))
    await git(root, 'push', '-q', 'origin', 'HEAD:refs/heads/main')
    const view = await publish()
    assert.equal(view.outcome, 'published')
    assert.deepEqual(view.task.repository.remote, { name: 'origin', url: bare })
    assert.match(await git(bare, 'branch', '--list'), /drydock\/left-pad-2\.0\.0/)
    const text = join(folder.path, 'sessions', waitingId, 'pull-request.md')
    assert.match(await readFile(text, 'utf8'), /### Before and after/)
    assert.ok(
      said().includes(`Title  Update left-pad from 1.0.0 to 2.0.0\nText of the pull request  ${text}`),
    )
  })

  it('is not pushed beside a branch of the same update without a word', async () => {
    await using folder = await temporaryFolder()
    const { root, bare, context } = await withoutRemote(folder.path)
    await git(root, 'remote', 'add', 'origin', bare)
    await git(root, 'push', '-q', 'origin', 'HEAD:refs/heads/main', 'HEAD:refs/heads/drydock/left-pad-2.0.0')
    const publish = (anyway: boolean) => publishSession(context, waitingId, { ...word, anyway })
    await assert.rejects(publish(false), coded('same-update-open', /drydock\/left-pad-2\.0\.0$/))
    assert.equal((await publish(true)).branch, 'drydock/left-pad-2.0.0-2')
  })

  it('is looked at before with what stands in its way, and no warning that is not there', async () => {
    await using folder = await temporaryFolder()
    const { context, said } = await withoutRemote(folder.path)
    const flags = { preview: true, acknowledge: [], autoMerge: 'patch' as const }
    assert.equal(await publishCommand(context, waitingId, flags), 0)
    assert.match(said(), /Before it can be published\n.*warnings-not-acknowledged: [\s\S]*no-remote: /)
    assert.match(said(), /Not merged by itself: .*it is not known to be a patch update/)
    const misnamed = publishCommand(context, waitingId, { ...flags, acknowledge: ['nope'] })
    await assert.rejects(misnamed, coded('bad-usage', /no warning nope/))
  })
})
