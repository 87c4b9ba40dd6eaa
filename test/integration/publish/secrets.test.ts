import assert from 'node:assert/strict'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { watchBelow } from '../../support/descendants.ts'
import { type Ended, openDrydock } from '../../support/drydock.ts'
import { startGitHttp } from '../../support/git-http/start.ts'
import { playGithub } from '../../support/github/start.ts'
import { canaryKeys } from '../../support/keys.ts'
import { git, temporaryFolder } from '../../support/madeRepository.ts'
import { publishableSession } from '../../support/publishableSession.ts'
import { report } from '../../support/reports.ts'

const id = '20260102-030405-abc123'
const token = canaryKeys.github
const password = 'CANARY-password-of-the-address-0001'
const secrets = { token, key: canaryKeys.model, password, encoded: btoa(`grace:${password}`) }

/** Every file below a folder, archives opened. */
async function textsBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const read = files.map(async (path) => {
    const bytes = await readFile(path)
    return [path, (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1')] as const
  })
  return new Map(await Promise.all(read))
}

function assertClean(where: string, text: string): void {
  for (const [name, secret] of Object.entries(secrets))
    assert.ok(!text.includes(secret), `the ${name} stands in ${where}`)
}

describe('what publishing knows as a secret', function () {
  this.timeout(180_000)

  it('stands in no argument, environment, file, answer or error, whether it ends well or not', async () => {
    await using folder = await temporaryFolder()
    const remotes = join(folder.path, 'remotes')
    await using server = await startGitHttp(remotes, { user: 'grace', password })
    await using github = await playGithub({ root: remotes, token })
    await using drydock = await openDrydock()
    const { held, root } = await publishableSession(drydock.home, {
      ...{ remoteUrl: server.url.replace('://', `://grace:${password}@`).concat('/o/r.git'), remotes },
      githubApiUrl: github.url,
    })
    for (const role of ['base', 'update'] as const)
      held.log.emit({ type: 'report.made', report: report({ 'a.test.js › adds': 'passed' }, { role }) })
    await held.release()
    const configuration = await readFile(join(root, '.git/config'), 'utf8')
    const env = { DRYDOCK_GITHUB_TOKEN: token, ANTHROPIC_API_KEY: canaryKeys.model }
    const seen = new Map<string, { readonly arguments: string; readonly environment: string }>()
    const run = async (...args: string[]): Promise<Ended> => {
      const { child, ended } = drydock.start(args, env)
      await using watch = child.pid === undefined ? undefined : watchBelow(child.pid)
      const end = await ended
      for (const [key, value] of watch?.seen ?? []) seen.set(key, value)
      return end
    }
    const ends: Ended[] = []
    // A host that gives back what it was given, and a remote that refuses the password.
    github.fault = () => ({
      status: 422,
      body: { message: `Bad token ${token}`, errors: [{ message: token }] },
    })
    ends.push(await run('publish', id, '--yes'))
    github.fault = () => undefined
    await git(
      root,
      'remote',
      'set-url',
      'origin',
      `${server.url.replace('://', `://grace:x${password}@`)}/o/r.git`,
    )
    ends.push(await run('publish', id, '--yes'))
    await git(
      root,
      'remote',
      'set-url',
      'origin',
      `${server.url.replace('://', `://grace:${password}@`)}/o/r.git`,
    )
    const published = await run('publish', id, '--yes')
    assert.equal(published.code, 0, published.stderr)
    const out = join(drydock.home, 'evidence')
    ends.push(published, await run('evidence', id, '--out', out), await run('show', id, '--json'))
    ends.push(await run('export', id, '--out', join(drydock.home, 'session.tar.gz')))
    assert.deepEqual(
      ends.map(({ code }) => code),
      [2, 2, 0, 0, 0, 0],
    )

    for (const { stdout, stderr } of ends) assertClean('what was printed', stdout + stderr)
    // Children that are over within a moment may be missed on a busy machine; not all of them are.
    assert.ok(
      process.platform !== 'linux' ||
        [...seen.values()].some(({ arguments: said }) => /^(?:\S*\/)?git\0/.test(said)),
    )
    for (const one of seen.values()) {
      assertClean(`arguments: ${one.arguments.replaceAll('\0', ' ')}`, one.arguments)
      // A child that is about to become another program is the runner still.
      if (one.arguments.includes('drydock.mjs')) continue
      for (const secret of [token, canaryKeys.model])
        assert.ok(!one.environment.includes(secret), `environment of ${one.arguments.replaceAll('\0', ' ')}`)
    }
    assert.equal(await readFile(join(root, '.git/config'), 'utf8'), configuration)
    for (const [path, text] of await textsBelow(drydock.home))
      if (path !== join(root, '.git/config')) assertClean(path, text)
    const texts = github.world.repositories.flatMap(({ pulls, statuses, comments }) => [
      pulls,
      statuses,
      comments,
    ])
    assertClean('what the host was given', JSON.stringify(texts))
    assertClean('the commit', await git(join(remotes, 'o/r.git'), 'log', '-1', '-p', '--format=raw', '--all'))
  })
})
