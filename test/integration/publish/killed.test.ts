import assert from 'node:assert/strict'
import { join } from 'node:path'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { readEvents } from '../../../src/store/read.ts'
import { openDrydock } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { canaryKeys } from '../../support/keys.ts'
import { git, temporaryFolder } from '../../support/madeRepository.ts'
import { publishableSession } from '../../support/publishableSession.ts'

const token = canaryKeys.github
const id = '20260102-030405-abc123'

/** Requests of one publication; the fifth opens the pull request, and is left out once that is there. */
const requests = 6
const stride = Number(process.env.DRYDOCK_KILL_STRIDE ?? 4)

describe('a runner that is killed while it publishes', function () {
  this.timeout(120_000)

  it(`leaves one branch and one pull request, at every ${stride === 1 ? '' : `${stride}th `}request, before and after its answer`, async () => {
    await using folder = await temporaryFolder()
    await using server = await startGitHttp(join(folder.path, 'remotes'))
    await using github = await playGithub({ root: join(folder.path, 'remotes'), token })
    await using drydock = await openDrydock()
    const { held, remotes } = await publishableSession(drydock.home, {
      remoteUrl: `${server.url}/o/r.git`,
      githubApiUrl: github.url,
      remotes: join(folder.path, 'remotes'),
    })
    await held.release()
    const remote = join(remotes, 'o/r.git')
    const env = { DRYDOCK_GITHUB_TOKEN: token }
    for (let at = 1; at <= requests; at += stride) {
      for (const when of ['lost', 'answer lost'] as const) {
        const first = github.asked.length
        const { child, ended } = drydock.start(['publish', id, '--yes'], env)
        let killed = false
        github.fault = (number) => {
          if (number - first !== at) return undefined
          killed = child.kill('SIGKILL')
          return when
        }
        const { stderr } = await ended
        assert.ok(killed, stderr)
        github.fault = () => undefined
        const open = github.world.repositories.flatMap(({ pulls }) => pulls)
        assert.ok(open.length <= 1, JSON.stringify(open))
      }
    }
    const last = await drydock.run(['publish', id, '--yes'], env)
    const view = sessionView(await readEvents(join(drydock.home, 'sessions', id)))
    assert.equal(view.outcome, 'published', last.stderr)
    assert.deepEqual(
      github.world.repositories.flatMap(({ pulls }) => pulls).map(({ head }) => head),
      [`o:${view.branch}`],
    )
    assert.equal((await git(remote, 'branch', '--list', 'drydock/*')).trim(), view.branch)
    assert.equal(await git(remote, 'rev-parse', view.branch ?? ''), view.commit)
    assert.deepEqual(github.refused, [])
  })
})
