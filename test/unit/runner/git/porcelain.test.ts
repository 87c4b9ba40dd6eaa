import assert from 'node:assert/strict'
import { access, chmod, mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../../../src/contract/failure.ts'
import { answer, GitExit, told, userPorcelain } from '../../../../src/runner/git/porcelain.ts'
import { userIdentity } from '../../../../src/runner/git/remote.ts'
import { openRepository } from '../../../../src/runner/git/userRepository.ts'
import { isDiskFull } from '../../../../src/store/files.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

describe("git's porcelain", () => {
  /** A repository whose configuration and hooks run a program that leaves a trace, wherever git would run one. */
  async function hostile(folder: string): Promise<{ readonly root: string; readonly trace: string }> {
    const root = join(folder, 'user')
    await makeRepository(root, { 'a.txt': 'a\n', '.gitattributes': '* filter=evil diff=evil\n' })
    // Entries as old as the index are compared by their content, which filters see: that is another thing.
    const old = new Date(Date.now() - 3_600_000)
    for (const name of ['a.txt', '.gitattributes']) await utimes(join(root, name), old, old)
    await git(root, 'update-index', '--refresh')
    const trace = join(folder, 'trace')
    const program = join(folder, 'evil')
    await writeFile(program, `#!/bin/sh\ntouch '${trace}'\n`)
    await chmod(program, 0o755)
    const settings = {
      'core.fsmonitor': program,
      'core.pager': program,
      'core.askPass': program,
      'core.editor': program,
      'core.sshCommand': program,
      'core.gitProxy': program,
      'credential.helper': program,
      'diff.external': program,
      'diff.evil.textconv': program,
      'filter.evil.clean': program,
      'filter.evil.process': program,
      'gpg.program': program,
      'pager.branch': program,
      'pager.config': program,
    }
    for (const [name, value] of Object.entries(settings)) await git(root, 'config', name, value)
    await git(root, 'config', 'user.name', 'Grace')
    await git(root, 'config', 'user.email', 'grace@example.com')
    await git(root, 'remote', 'add', 'origin', 'https://example.com/o/r.git')
    const hooks = join(root, '.git/hooks')
    await mkdir(hooks, { recursive: true })
    for (const name of ['post-index-change', 'reference-transaction', 'pre-push', 'post-checkout']) {
      await writeFile(join(hooks, name), `#!/bin/sh\ntouch '${trace}'\n`)
      await chmod(join(hooks, name), 0o755)
    }
    return { root, trace }
  }

  it('runs nothing that a repository names', async () => {
    await using folder = await temporaryFolder()
    const { root, trace } = await hostile(folder.path)
    const found = await openRepository(root, process.env)
    assert.equal(found.remote?.url, 'https://example.com/o/r.git')
    assert.equal(found.dirty, false)
    assert.deepEqual(await userIdentity(root, process.env), { name: 'Grace', email: 'grace@example.com' })
    await userPorcelain(root, process.env).raw('ls-files', '--modified')
    await assert.rejects(access(trace))
  })

  it('is not moved by variables of the environment', async () => {
    await using folder = await temporaryFolder()
    const { root, trace } = await hostile(folder.path)
    const elsewhere = join(folder.path, 'elsewhere')
    await makeRepository(elsewhere, { 'b.txt': 'b\n' })
    const env = {
      ...process.env,
      GIT_DIR: join(elsewhere, '.git'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.fsmonitor',
      GIT_CONFIG_VALUE_0: join(folder.path, 'evil'),
      GIT_PAGER: join(folder.path, 'evil'),
      GIT_EDITOR: join(folder.path, 'evil'),
    }
    assert.equal((await openRepository(root, env)).root, (await openRepository(root, process.env)).root)
    await assert.rejects(access(trace))
  })

  it('names what is wrong on this machine as the plumbing does', () => {
    const full = told(new GitExit(128, '', 'fatal: write error: No space left on device'))
    assert.ok(isDiskFull(full))
    const gone = told(new GitExit(128, '', `fatal: bad object ${'a'.repeat(40)}`))
    assert.ok(gone instanceof DrydockError && gone.failure.code === 'unsupported-repository')
  })

  it('tells an answer from a failure by its exit code', async () => {
    await using folder = await temporaryFolder()
    const { root } = await hostile(folder.path)
    const asked = userPorcelain(root, process.env)
    assert.equal(await answer(asked.raw('config', '--get', 'no.such'), [1]), '')
    await assert.rejects(
      asked.raw('config', '--get', 'no.such'),
      (error) => error instanceof GitExit && error.exitCode === 1,
    )
    await assert.rejects(answer(asked.revparse(['--verify', 'no-such']), [1]), /Needed a single revision/)
  })
})
