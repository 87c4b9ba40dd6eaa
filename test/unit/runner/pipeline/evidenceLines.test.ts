import assert from 'node:assert/strict'
import { mentions, testLines } from '../../../../src/runner/pipeline/evidenceLines.ts'
import { report } from '../../../support/reports.ts'
import { treeOf } from '../../../support/tree.ts'

describe('what the judge is told line by line', () => {
  it('is each test of a changed file in every run, and of no other', () => {
    const base = report({ 'a.test.js › x': 'passed', 'a.test.js › y': 'passed', 'b.test.js › z': 'passed' })
    const update = report({ 'a.test.js › x': 'failed', 'a.test.js › y': 'passed' })
    const repair = report({ 'a.test.js › x': 'passed', 'a.test.js › new': 'passed' })
    assert.deepEqual(testLines({ base, update, repair }, new Set(['a.test.js'])).split('\n'), [
      'a.test.js › new: base did not run it, update did not run it, repair passed',
      'a.test.js › x: base passed, update failed, repair passed',
      'a.test.js › y: base passed, update passed, repair did not run it',
    ])
    assert.equal(testLines({ base, update, repair }, new Set(['src/a.js'])), '')
  })

  it('is each line of a document that names the package, not one that is named like it', async () => {
    const tree = treeOf({
      'README.md': '# App\nLogs are painted by chalk 4.\nchalkboards are not.\n',
      'docs/setup.md': 'npm i chalk\n@types/chalk\n',
      'src/a.js': 'chalk()\n',
      'CHANGELOG.md': 'chalk\n',
    })
    const lines = (await mentions(tree, 'chalk')).split('\n')
    assert.deepEqual(lines, ['README.md:2: Logs are painted by chalk 4.', 'docs/setup.md:1: npm i chalk'])
    assert.equal(await mentions(tree, 'left-pad'), '')
    const java = treeOf({ 'README.adoc': 'Uses jsoup.\n' })
    assert.equal(await mentions(java, 'org.jsoup:jsoup'), 'README.adoc:1: Uses jsoup.')
  })
})
