import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { sessionView } from '../../../src/contract/sessionView.ts'
import { readEvents } from '../../../src/store/read.ts'
import { openDrydock } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { inTurn } from '../../support/inTurn.ts'
import { canaryKeys } from '../../support/keys.ts'
import { temporaryFolder, writeFiles } from '../../support/madeRepository.ts'
import { fixtureRepository, git } from '../../support/repository.ts'

const token = canaryKeys.github
/** The gate's own steps, as it tells them; one of them where only a short form runs. */
const steps = ['fetching main', 'Install', 'Build, test, lint: with the update']
const stride = Number(process.env.DRYDOCK_KILL_STRIDE ?? steps.length)

describe('a runner that is killed behind a base that moved', function () {
  this.timeout(900_000)

  inTurn(0, 3)('has pushed nothing, and the next one checks again and leaves one branch', async () => {
    await using folder = await temporaryFolder()
    await using repository = await fixtureRepository('clean-update')
    const remotes = join(folder.path, 'remotes')
    await mkdir(join(remotes, 'acme'), { recursive: true })
    await git(remotes, 'clone', '--quiet', '--bare', repository.root, 'acme/shop.git')
    const remote = join(remotes, 'acme/shop.git')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    await git(repository.root, 'remote', 'add', 'origin', `${server.url}/acme/shop.git`)
    await using drydock = await openDrydock()
    const update = ['update', 'ms', '--repo', repository.root, '--no-review', '--github-api-url', github.url]
    const { id } = await drydock.session(update)
    const work = join(folder.path, 'work')
    await git(folder.path, 'clone', '--quiet', remote, work)
    await writeFiles(work, { 'OTHER.md': 'other\n' })
    await git(work, 'add', '--all')
    await git(work, 'commit', '--quiet', '--message', 'By another person')
    await git(work, 'push', '--quiet', 'origin', 'main')
    const args = ['publish', id, '--yes', '--without-judge']
    const env = { DRYDOCK_GITHUB_TOKEN: token }
    const seen = async () => sessionView(await readEvents(join(drydock.home, 'sessions', id)))
    for (let at = steps.length - 1; at >= 0; at -= stride) {
      const { child, ended } = drydock.start(args, env)
      assert.ok(child.stdout !== null)
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.includes(steps[at] ?? '')) child.kill('SIGKILL')
      })
      assert.equal((await ended).code, null, steps[at])
      const view = await seen()
      assert.deepEqual([view.outcome, view.branch, view.bases], ['awaiting-review', null, undefined])
      assert.equal(await git(remote, 'branch', '--list', 'drydock/*'), '')
    }
    const last = await drydock.run(args, env)
    assert.equal(last.code, 0, last.stderr)
    const { branch, bases } = await seen()
    assert.equal(bases?.length, 1)
    assert.equal((await git(remote, 'branch', '--list', 'drydock/*')).trim(), branch)
    assert.equal(github.world.repositories[0]?.pulls.length, 1)
    assert.deepEqual(github.refused, [])
  })
})
