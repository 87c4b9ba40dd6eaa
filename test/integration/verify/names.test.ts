import assert from 'node:assert/strict'
import { Report } from '../../../src/contract/report.ts'
import { outcomes, verifier } from '../../support/verifying.ts'
import { workshop } from '../../support/workshop.ts'

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
const member = (name: string, test: string) =>
  json({ name: `@demo/${name}`, version: '1.0.0', scripts: { test } })

/** A workspace whose root hands on hardly any variable, as task runners do. */
const files = {
  'package.json': json({
    name: 'demo',
    version: '1.0.0',
    private: true,
    workspaces: ['packages/*'],
    scripts: { test: 'env -i HOME="$HOME" PATH="$PATH" NODE_OPTIONS="$NODE_OPTIONS" npm test -ws' },
  }),
  'packages/a/package.json': member('a', 'node --test'),
  'packages/a/adds.test.js': "require('node:test')('adds', () => {})\n",
  'packages/b/package.json': member('b', 'node own-runner.js'),
  'packages/b/own-runner.js':
    "console.log('TAP version 13\\n# adds\\nok 1 equal\\nok 2 equal\\n\\n1..2\\n# tests 2\\n# pass  2')\n",
  'packages/c/package.json': member('c', 'node check.js'),
  'packages/c/check.js': "console.log('checked')\n",
}

describe('names in a workspace of several runners', () => {
  it('come from reporters and from what is printed; the package without any is named', async () => {
    await using shop = await workshop(files)
    const prepared = await shop.prepare()
    const check = verifier(shop, prepared)
    const report = Report.parse(await check.run())
    assert.deepEqual(outcomes(report), {
      '@demo/b › adds': 'passed',
      'packages/a/adds.test.js › adds': 'passed',
    })
    assert.deepEqual(report.unnamed, ['packages/c'])
    assert.equal(report.ok, true)
    const [step] = report.steps
    // node:test prints one, the runner that is the package's own two assertions.
    assert.deepEqual(step?.counts, { passed: 3, failed: 0, skipped: 0 })

    const silent = await check.run({ 'packages/b/own-runner.js': '' })
    assert.equal(silent.ok, true)
    assert.deepEqual(outcomes(silent), { 'packages/a/adds.test.js › adds': 'passed' })
    assert.deepEqual(silent.unnamed, ['packages/b', 'packages/c'])
  })
})
