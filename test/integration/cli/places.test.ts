import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'

const manifest = (name: string, more: object = {}) =>
  JSON.stringify({
    name,
    private: true,
    scripts: { test: 'node --test' },
    dependencies: { ms: '2.1.2', ...more },
  })
const integrity =
  'sha512-sGkPx+VjMtmA6MX27oA4FBFELFCZZ4S4XqeGOXCv68tT+jb3vk/RyaKWP0PTKyWtmLSM0b+adUTEvbs1PEaH2w=='
const ms = { version: '2.1.2', integrity }
const lock = (name: string, packages: object, more: object = {}) =>
  `${JSON.stringify(
    {
      ...{ name, lockfileVersion: 3, requires: true },
      packages: {
        ...{ '': { name, dependencies: { ms: '2.1.2', ...more } } },
        ...packages,
      },
    },
    undefined,
    2,
  )}\n`
const shared = { shared: 'file:../shared' }
const test = (body: string) => `const test = require('node:test')\ntest('says a minute', () => { ${body} })\n`

const files = {
  '.gitignore': 'node_modules\n',
  'web/package.json': manifest('web', shared),
  'web/package-lock.json': lock(
    'web',
    {
      '../shared': { name: 'shared', version: '1.0.0' },
      'node_modules/ms': ms,
      'node_modules/shared': { resolved: '../shared', link: true },
    },
    shared,
  ),
  'web/test/web.test.js': test(
    "require('node:assert').equal(require('shared')(require('ms')(60000)), 'shared 1m')",
  ),
  'shared/package.json': JSON.stringify({ name: 'shared', version: '1.0.0' }),
  'shared/index.js': "module.exports = (text) => 'shared ' + text\n",
  'api/package.json': manifest('api'),
  'api/package-lock.json': lock('api', { 'node_modules/ms': ms }),
  'api/test/api.test.js': test("require('node:assert').equal(require('ms')(60000), '1m')"),
}

describe('projects below the root', () => {
  let drydock: Drydock
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let root: string
  before(async () => {
    drydock = await openDrydock()
    folder = await temporaryFolder()
    root = join(folder.path, 'repo')
    await makeRepository(root, files)
  })
  after(async () => {
    await drydock[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  it('a folder that is named is worked on, with what lies beside it, and nothing else changes', async () => {
    const args = ['update', 'ms@2.1.3', '--repo', join(root, 'web'), '--no-review']
    const view = await drydock.session(args)
    assert.equal(view.outcome, 'awaiting-review')
    assert.deepEqual(view.patch?.files.map(({ path }) => path).sort(), [
      'web/package-lock.json',
      'web/package.json',
    ])
    const { base, update } = view.reports
    for (const report of [base, update]) {
      assert.deepEqual(
        report?.steps.map(({ command, exitCode }) => [command, exitCode]),
        [['cd web && npm test', 0]],
      )
      assert.equal(report?.tests.passed, 1)
    }
  })

  it('a manifest is as good; nothing named is answered with what there is', async () => {
    const manifest = ['update', 'ms@2.1.2', '--repo', root, '--manifest', 'api/package.json', '--no-review']
    assert.equal((await drydock.session(manifest)).outcome, 'up-to-date')
    const listed = await drydock.run(['outdated', '--repo', join(root, 'api'), '--json'])
    assert.deepEqual(
      JSON.parse(listed.stdout).map((row: { manifest: string }) => row.manifest),
      ['api/package.json'],
    )
    const nothing = await drydock.run(['outdated', '--repo', root])
    assert.match(
      nothing.stderr,
      /no-manifest: .*api\/package\.json, shared\/package\.json, web\/package\.json/,
    )
    assert.match(nothing.stderr, /--manifest api\/package\.json/)
  })
})
