import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openDrydock } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { canaryKeys } from '../../support/keys.ts'
import { git, temporaryFolder } from '../../support/madeRepository.ts'
import { publishableSession } from '../../support/publishableSession.ts'

const token = canaryKeys.github
const id = '20260102-030405-abc123'

describe('drydock sync', function () {
  this.timeout(180_000)

  it('follows a pull request to its merge, asks without a word where nothing changed, and never tells the token', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes)
    await using github = await playGithub({ root: remotes, token })
    await using drydock = await openDrydock()
    const options = { remoteUrl: `${server.url}/o/r.git`, githubApiUrl: github.url, remotes }
    const { held } = await publishableSession(drydock.home, options)
    await held.release()
    const env = { DRYDOCK_GITHUB_TOKEN: token }
    const view = await drydock.session(['publish', id, '--yes'], env)
    const [at] = github.world.repositories
    const [pull] = at?.pulls ?? []
    assert.ok(at !== undefined && pull !== undefined && view.commit !== null)
    at.checks.push({ name: 'build', sha: view.commit, conclusion: 'failure' })
    const first = await drydock.run(['sync'], env)
    assert.match(first.stdout, /open {2}1 check fails\n/)
    assert.match((await drydock.run(['sessions'])).stdout, /1 check fails, published/)
    assert.match(
      (await drydock.run(['show', id])).stdout,
      /At the host {2}open, 1 check fails[^\n]*\n {2}✖ build/,
    )
    const asked = github.answered.length
    await drydock.run(['sync', id], env)
    assert.deepEqual([...new Set(github.answered.slice(asked))], [304])
    Object.assign(pull, { state: 'closed', merged: true })
    assert.match((await drydock.run(['sync'], env)).stdout, /merged/)
    const after = await drydock.session(['show', id])
    assert.deepEqual(
      [after.outcome, after.reason, after.seen?.state],
      ['merged', 'Its pull request was merged.', 'merged'],
    )
    const none = await drydock.run(['sync', id])
    assert.match(none.stderr, /session-state: .* is merged; this needs one that is published/)
    const found = await git(folder.path, 'grep', '--no-index', '-l', '-a', token, '--', drydock.home).catch(
      () => '',
    )
    assert.equal(found, '')
    assert.deepEqual(github.refused, [])
  })
})
