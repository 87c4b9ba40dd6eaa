import assert from 'node:assert/strict'
import { join } from 'node:path'
import { compareChecks } from '../../../../src/runner/commands/followChecks.ts'
import { githubHost } from '../../../../src/runner/hosts/github/index.ts'
import { plainLog, workFolderOf } from '../../../../src/runner/hosts/jobLog.ts'
import { openKept } from '../../../../src/runner/hosts/kept.ts'
import { playGithub } from '../../../support/github/start.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'

const token = 'github-token-of-a-test'
const root = '/home/runner/work/shop/shop'

/** What mocha prints of such tests, as the log of a job has it. */
function jobOf(failing: readonly string[], line = 5): string {
  const told = failing.flatMap((name, at) => [
    `  ${at + 1}) cart`,
    `       ${name}:`,
    '',
    `      AssertionError [ERR_ASSERTION]: ${name} is wrong`,
    `      at Context.<anonymous> (${root}/test/cart.js:${line}:12)`,
    '',
  ])
  const lines = [
    '##[group]Run npm test',
    '##[endgroup]',
    '',
    '> shop@1.0.0 test',
    '> mocha',
    '',
    '',
    '  1 passing (33ms)',
    `  ${failing.length} failing`,
    '',
    ...told,
    '##[error]Process completed with exit code 1.',
  ]
  return `\ufeff${lines.map((text) => `2026-01-02T03:04:05.1234567Z ${text}`).join('\n')}`
}

describe('checks that fail on a branch, against its base', () => {
  it('are compared test by test: what fails on both is nobody’s here, what fails on the branch alone is told', async () => {
    await using folder = await temporaryFolder()
    const work = join(folder.path, 'work')
    const base = await makeRepository(work, { 'a.js': 'one\n' })
    await git(work, 'commit', '-q', '--allow-empty', '-m', 'x')
    const head = await git(work, 'rev-parse', 'HEAD')
    await git(folder.path, 'clone', '-q', '--bare', work, join(folder.path, 'remotes/o/r.git'))
    await using github = await playGithub({ root: join(folder.path, 'remotes'), token })
    const host = githubHost({ owner: 'o', repo: 'r', apiUrl: github.url }, { token })
    await host.look(undefined)
    const [at] = github.world.repositories
    assert.ok(at !== undefined)
    const both = (
      name: string,
      here: string | undefined,
      there: string | undefined,
      conclusion = 'failure',
    ) => {
      const log = (text: string | undefined) => (text === undefined ? {} : { log: text })
      at.checks.push({ name, sha: head, conclusion: 'failure', summary: `${name} fails`, ...log(here) })
      at.checks.push({ name, sha: base, conclusion, ...log(there) })
    }
    both('same', jobOf(['adds', 'takes'], 5), jobOf(['takes', 'adds'], 9))
    both('more', jobOf(['adds', 'takes', 'counts']), jobOf(['adds']))
    both('new', jobOf(['adds']), undefined, 'success')
    both('unknown', jobOf(['adds']), undefined)
    both('silent', 'it went wrong', 'it went wrong, too')
    at.checks.push({ name: 'alone', sha: head, conclusion: 'failure', summary: 'alone fails' })
    const kept = await openKept(join(folder.path, 'kept.json'))
    const broken = await compareChecks(host, await host.results(head, kept), await host.results(base, kept))
    assert.deepEqual(broken.ours, ['more', 'new', 'alone'])
    assert.deepEqual(broken.both, ['same', 'unknown', 'silent'])
    assert.deepEqual(broken.notes, [
      'same: all of its 2 failures are on the base as well.',
      'more fails on the base as well; 2 of its 3 failures are on the branch alone.',
      "unknown fails on the base as well; its logs name no single failures on both sides, so nothing of it counts as the branch's.",
      "silent fails on the base as well; its logs name no single failures on both sides, so nothing of it counts as the branch's.",
      'alone did not run on the base.',
    ])
    const more = /more:\n([\s\S]*?)\n\nnew:/.exec(broken.said)?.[1] ?? ''
    assert.match(more, /1 of its failures are on the base as well, and are not to be mended/)
    assert.match(more, /- cart.*takes.*test\/cart\.js/)
    assert.match(more, /- cart.*counts/)
    assert.doesNotMatch(more, /adds/)
    assert.match(broken.said, /new:\n[\s\S]*adds is wrong/)
    assert.doesNotMatch(broken.said, /2026-01-02T|##\[|\/home\/runner/)
    assert.match(broken.said, /alone:\nalone fails/)
    assert.deepEqual(github.refused, [], 'the token stays at the interface')
  })

  it('have logs without what a host writes between', () => {
    const gitlab =
      'section_start:1700000000:step_script\r\u001b[0KExecuting\nsection_end:1700000000:step_script\r\u001b[0K'
    assert.equal(plainLog(gitlab), 'Executing\n')
    assert.equal(plainLog('2026-01-02T03:04:05.123456Z 01O npm test'), 'npm test')
    assert.equal(plainLog('##[error]Process completed\r\nnext'), 'Process completed\nnext')
    assert.equal(workFolderOf(`at ${root}/test/a.js`), root)
    assert.equal(workFolderOf('at /home/runner/work/shop/other/a.js'), undefined)
  })
})
