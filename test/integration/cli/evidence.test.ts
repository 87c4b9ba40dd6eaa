import assert from 'node:assert/strict'
import { cp, mkdtemp, readFile, realpath, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PullRequestPreview } from '../../../src/contract/pullRequest.ts'
import { filesOf } from '../../../src/runner/evidence/bundle.ts'
import { readBundle, writeBundle } from '../../../src/runner/evidence/folder.ts'
import { openDrydock, playedBy } from '../../support/drydock.ts'
import { assertSameAgain } from '../../support/evidence.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'
import { git } from '../../support/repository.ts'

const pass = { pass: true, reason: 'It is so.', evidence: ['index.js'] }
const edit = {
  path: 'index.js',
  old: "require('escape-string-regexp')",
  new: "require('escape-string-regexp').default",
}
const manifest = {
  ...{ name: 'evidence', version: '1.0.0', private: true, scripts: { test: 'node --test' } },
  dependencies: { 'escape-string-regexp': '4.0.0' },
}

describe('evidence of a repair', () => {
  it('is made on one machine and comes out the same in another clone; one that was changed is refused', async () => {
    await using drydock = await openDrydock()
    const root = await realpath(await mkdtemp(join(tmpdir(), 'drydock-evidence-')))
    await using _root = { [Symbol.asyncDispose]: () => discard(root) }
    const [work, clone, out] = [join(root, 'work'), join(root, 'clone'), join(root, 'out')]
    await makeRepository(work, {
      'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
      'index.js': "const escape = require('escape-string-regexp')\nmodule.exports = (text) => escape(text)\n",
      'test/a.test.js':
        "const { test } = require('node:test')\ntest('escapes', () => require('assert').equal(require('../index.js')('a.b'), 'a\\\\.b'))\ntest('stays', () => {})\n",
    })
    const model = await startModel({
      agent: [{ toolUses: [{ name: 'Edit', input: edit }] }, { text: 'Done.' }],
      judge: [{ toolUses: [{ name: 'verdict', input: { in_scope: pass, safe: pass, quality: pass } }] }],
    })
    await using _model = { [Symbol.asyncDispose]: () => model.close() }
    const view = await drydock.session(
      ['update', 'escape-string-regexp@5', '--repo', work, '--no-review'],
      playedBy(model),
    )
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    const written = await drydock.run(['evidence', view.id, '--out', out])
    assert.equal(written.code, 0, written.stderr)
    const digest = /sha256:([0-9a-f]{64})/.exec(written.stdout)?.[1] ?? ''
    await git(root, 'clone', '--quiet', work, clone)
    await using elsewhere = await openDrydock()
    await assertSameAgain(elsewhere, out, clone, ['--sha256', digest])
    assert.deepEqual(JSON.parse((await elsewhere.run(['sessions', '--json'])).stdout), [])
    const preview = await drydock.run(['publish', view.id, '--preview', '--title', 'Mine', '--json'])
    const { title, head, body } = PullRequestPreview.parse(JSON.parse(preview.stdout))
    assert.deepEqual([title, head], ['Mine', 'drydock/escape-string-regexp-5.0.0'])
    assert.match(body, /repaired: `test\/a\.test\.js › escapes` passed → \*\*failed\*\* → passed/)
    const file = join(root, 'session.tar.gz')
    assert.equal((await drydock.run(['export', view.id, '--out', file])).code, 0)
    assert.equal((await elsewhere.run(['import', file])).code, 0)
    const published = await elsewhere.run(['publish', view.id])
    assert.match(published.stderr, /^session-state: .* was imported/)
    // Its digests are in order, and it is another one than the pull request names.
    const { bundle } = await readBundle(out)
    const forged = join(root, 'forged')
    await writeBundle(forged, filesOf({ ...bundle, record: { ...bundle.record, costUsd: 0 } }))
    const named = await elsewhere.run(['verify-evidence', forged, '--repo', clone, '--sha256', digest])
    assert.match(named.stderr, /^bad-evidence: .* is another than the one named/)
    await cp(out, join(root, 'changed'), { recursive: true })
    const patch = join(root, 'changed', 'patch.diff')
    await writeFile(patch, (await readFile(patch, 'utf8')).replace('default', 'defaulT'))
    const refused = await elsewhere.run(['verify-evidence', join(root, 'changed'), '--repo', clone])
    assert.equal(refused.code, 2)
    assert.match(refused.stderr, /^bad-evidence: .*patch\.diff is not what the statement says/)
  }).timeout(300_000)
})
