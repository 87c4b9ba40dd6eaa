import assert from 'node:assert/strict'
import { DrydockError } from '../../../src/contract/failure.ts'
import { Report } from '../../../src/contract/report.ts'
import { matrix } from '../../../src/runner/verify/matrix.ts'
import { inTurn } from '../../support/inTurn.ts'
import { outcomes, verifier } from '../../support/verifying.ts'
import { workshop } from '../../support/workshop.ts'

const source = 'exports.add = (a, b) => a + b\nexports.twice = (a) => exports.add(a, a)\n'
const fault = source.replace('a + b', 'a - b')
const bdd = `
describe('add', () => {
  it('adds', () => assert.equal(add(1, 2), 3))
  it('gives zero', () => assert.equal(add(0, 0), 0))
})
`
const header = "const assert = require('node:assert')\nconst { add } = require('../src/add.js')\n"
const expected = ['test/add.test.js › add › adds', 'test/add.test.js › add › gives zero']

interface Kit {
  readonly script: string
  readonly packages?: Readonly<Record<string, string>>
  readonly file: string
  readonly more?: Readonly<Record<string, string>>
}
const kits: Readonly<Record<string, Kit>> = {
  'node:test': {
    script: 'node --test',
    file: `${header}const { describe, it } = require('node:test')\n${bdd}`,
  },
  mocha: {
    script: 'mocha',
    packages: { mocha: '11.7.0' },
    file: header + bdd,
    more: { '.mocharc.json': '{"spec":"test/**/*.test.js"}\n' },
  },
  jest: { script: 'jest', packages: { jest: '30.0.0' }, file: header + bdd },
  vitest: {
    script: 'vitest run --globals',
    packages: { vitest: '3.2.4' },
    file: `import assert from 'node:assert'\nimport { add } from '../src/add.js'\n${bdd}`,
  },
}

function projectOf(kit: Kit, scripts: Record<string, string> = {}): Record<string, string> {
  const manifest = {
    name: 'sums',
    version: '1.0.0',
    private: true,
    scripts: { test: kit.script, ...scripts },
    devDependencies: kit.packages ?? {},
  }
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'src/add.js': source,
    'test/add.test.js': kit.file,
    ...kit.more,
  }
}

describe('verify', () => {
  for (const [at, [name, kit]] of Object.entries(kits).entries()) {
    inTurn(at, 2)(`${name}: green by name, and red on a planted fault`, async () => {
      await using shop = await workshop(projectOf(kit))
      const prepared = await shop.prepare()
      const { run } = verifier(shop, prepared)
      const base = await run()
      assert.deepEqual(Report.parse(base), base)
      assert.deepEqual(
        outcomes(base),
        expected.map((id) => `${id} passed`),
        base.steps[0]?.summary?.text,
      )
      assert.deepEqual([base.ok, base.testsNamed, base.notes], [true, true, []])
      const red = await run({ 'src/add.js': fault })
      assert.deepEqual(outcomes(red), [`${expected[0]} failed`, `${expected[1]} passed`])
      assert.deepEqual([red.ok, red.steps[0]?.exitCode === 0], [false, false])
      assert.equal(matrix({ base, update: red }).counts.broken, 1)
      assert.deepEqual(
        [matrix({ base, update: base }).green, matrix({ base, update: red }).green],
        [true, false],
      )
    })
  }

  it('runs the base, whatever the patch does to scripts, installation and output', async () => {
    const kit = kits.mocha ?? assert.fail()
    await using shop = await workshop(projectOf(kit, { pretest: 'node build.js', lint: 'node lint.js' }))
    const manifest = projectOf(kit)['package.json'] ?? ''
    const { run } = verifier(shop, await shop.prepare())
    const files = { 'build.js': '', 'lint.js': '' }

    const scripts = await run({
      ...files,
      'src/add.js': fault,
      'package.json': manifest.replace('"mocha"', '"exit 0"'),
    })
    assert.deepEqual(outcomes(scripts), [`${expected[0]} failed`, `${expected[1]} passed`])
    assert.match(scripts.notes.join(), /base's scripts were run/)
    assert.deepEqual(
      scripts.steps.map(({ command }) => command),
      ['npm test', 'npm run lint'],
    )

    const binary = {
      'node_modules/.bin/mocha': '#!/bin/sh\nexit 0\n',
      'node_modules/mocha/bin/mocha.js': 'process.exit(0)',
    }
    const planted = await run({ ...files, 'src/add.js': fault, ...binary })
    assert.deepEqual(outcomes(planted), [`${expected[0]} failed`, `${expected[1]} passed`])
    assert.match(planted.notes.join(), /Left out/)

    const line = { file: 'test/add.test.js', suite: ['add'], title: 'adds', outcome: 'passed', durationMs: 1 }
    const forged = `console.log(${JSON.stringify(JSON.stringify(line))}); console.log('ok 1 - adds\\n# fail 0\\n  2 passing'); process.exit(0)\n`
    const stdout = await run({ ...files, 'src/add.js': forged + fault })
    assert.deepEqual([stdout.testsNamed, stdout.tests], [false, []])
    const base = await run(files)
    assert.equal(matrix({ base, update: stdout }).green, false)

    const gone = await run({
      ...files,
      'test/add.test.js': null,
      'test/other.test.js': "it('x', () => {})\n",
    })
    assert.deepEqual(outcomes(gone), ['test/other.test.js › x passed'])
    assert.equal(matrix({ base, repair: gone }).green, false)
  })

  it('ends in words where time, memory or room run out, and is cancelled at once', async () => {
    const kit = kits['node:test'] ?? assert.fail()
    await using shop = await workshop(projectOf(kit, { build: 'node build.js' }))
    const prepared = await shop.prepare()
    const loop = { 'build.js': 'setInterval(() => {}, 1000)\n' }

    const slow = await verifier(shop, prepared, { settings: { verifyTimeoutMs: 4_000 } }).run(loop)
    assert.deepEqual(
      [slow.steps.length, slow.steps[0]?.timedOut, slow.steps[0]?.exitCode, slow.ok],
      [1, true, null, false],
    )
    assert.match(slow.notes.join(), /did not end in time/)

    const chunk = "require('fs').writeFileSync('f' + i, Buffer.alloc(64 << 20))"
    const full = await verifier(shop, prepared).run({
      'build.js': `for (let i = 0; i < 100; i++) ${chunk}\n`,
    })
    assert.match(full.setupError ?? '', /workspace is full/, JSON.stringify(full))

    const stop = new AbortController()
    const cancelled = verifier(shop, prepared, {
      signal: stop.signal,
      progress: () => void setTimeout(() => stop.abort(), 1_000),
    }).run(loop)
    await assert.rejects(
      cancelled,
      (error) => error instanceof DrydockError && error.failure.code === 'cancelled',
    )

    const long = await verifier(shop, prepared).run({
      'build.js': "for (let i = 0; i < 3e5; i++) console.log('x'.repeat(99))\n",
    })
    assert.deepEqual([long.steps[0]?.truncated, long.ok], [true, true])
  })

  it('names the tests of all workspaces, and knows a project without tests', async () => {
    const member = (name: string, test: string) =>
      JSON.stringify({ name, version: '1.0.0', scripts: { test } })
    await using shop = await workshop({
      'package.json': JSON.stringify({ name: 'root', private: true, workspaces: ['packages/*'] }),
      'packages/a/package.json': member('a', 'node --test'),
      'packages/a/a.test.js': "require('node:test')('a', () => {})\n",
      'packages/b/package.json': member('b', 'node --test'),
      'packages/b/b.test.js': "require('node:test')('b', () => { throw new Error('no') })\n",
      'packages/c/package.json': member('c', 'echo "Error: no test specified" && exit 1'),
    })
    const report = await verifier(shop, await shop.prepare()).run()
    assert.deepEqual(outcomes(report), ['packages/a/a.test.js › a passed', 'packages/b/b.test.js › b failed'])
    assert.deepEqual(
      report.steps.map(({ command }) => command),
      ['npm run test -w packages/a -w packages/b'],
    )
  })
})
