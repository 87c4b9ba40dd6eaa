import assert from 'node:assert/strict'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { withSource } from '../../../../src/runner/evidence/source.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { startGitHttp } from '../../../support/git-http/start.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

const password = 'password-of-a-test'
const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }

const refused = (why: RegExp) => (error: unknown) =>
  error instanceof DrydockError && error.failure.code === 'bad-evidence' && why.test(error.failure.message)

describe('the repository that evidence is checked on', () => {
  it('is fetched from the address that a person gives, with what stands in it, and says what it lacks', async () => {
    await using folder = await temporaryFolder()
    const work = join(folder.path, 'work')
    const first = await makeRepository(work, { 'a.js': 'one\n' })
    await git(work, 'commit', '-q', '--allow-empty', '-m', 'second')
    const remotes = join(folder.path, 'remotes')
    await mkdir(join(remotes, 'o'), { recursive: true })
    await git(remotes, 'clone', '-q', '--bare', work, 'o/r.git')
    await using server = await startGitHttp(remotes, { user: 'ada', password })
    const address = (said: string): string => `${server.url.replace('://', `://ada:${said}@`)}/o/r.git`
    const ask = (place: string, commit: string) =>
      withSource(
        {
          ...{ place, commit, url: undefined, env, cwd: folder.path },
          ...{ scratch: join(folder.path, 'scratch'), signal: AbortSignal.timeout(60_000) },
        },
        async (root) => {
          const bare = await openBareRepository({ dir: join(folder.path, 'own.git'), source: root, env })
          return String(await bare.read(`${commit}^{tree}`, 'a.js'))
        },
      )
    assert.equal(await ask(address(password), first), 'one\n')
    await assert.rejects(ask(address(password), 'f'.repeat(40)), refused(/f{12}/))
    await assert.rejects(ask(address('wrong'), first), (error: unknown) => {
      assert.ok(refused(/could not be fetched|Authentication|fetch/i)(error), String(error))
      assert.doesNotMatch(JSON.stringify((error as DrydockError).failure), /ada:wrong|password-of/)
      return true
    })
    // The same by a folder, which is only read.
    assert.equal(await ask(work, first), 'one\n')
    await assert.rejects(ask(work, 'e'.repeat(40)), refused(/e{12}/))
  })
})
