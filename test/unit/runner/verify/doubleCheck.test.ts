import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { Report, TestResult } from '../../../../src/contract/report.ts'
import type { Ecosystem, Project } from '../../../../src/runner/ecosystems/ecosystem.ts'
import { pinScripts } from '../../../../src/runner/ecosystems/npm/scripts.ts'
import { openBareRepository } from '../../../../src/runner/git/bareRepository.ts'
import { doubleCheck, overlayTree } from '../../../../src/runner/verify/doubleCheck.ts'
import { planOverlay } from '../../../../src/runner/verify/workspace.ts'
import { git, makeRepository, temporaryFolder } from '../../../support/madeRepository.ts'
import { patchOf } from '../../../support/patches.ts'
import { report, step } from '../../../support/reports.ts'

const a = 'test/a.test.js › one'
const b = 'test/b.test.js › two'
const base = report({ [a]: 'passed', [b]: 'passed' })
const testChanged = patchOf({ 'test/a.test.js': 'old\n' }, { 'test/a.test.js': 'new\n' })
const sourceChanged = patchOf({ 'src/a.js': 'old\n' }, { 'src/a.js': 'new\n' })

/** A report whose failing test `id` says this. */
function failing(id: string, message: string): Report {
  const tests: TestResult[] = [
    { id, file: 'test/a.test.js', outcome: 'failed', durationMs: 1, message },
    { id: b, file: 'test/b.test.js', outcome: 'passed', durationMs: 1 },
  ]
  return report({}, { tests, testsNamed: true, steps: [step('build'), step('test', 1)] })
}

const kitError =
  'TypeError: assert.equals is not a function\n    at Context.<anonymous> (/workspace/test/a.test.js:4:10)'
const loadError = "Error: Cannot find module 'old-kit'\nRequire stack:\n- /workspace/test/a.test.js"
const sourceLoadError =
  "Error: Cannot find module 'x/lib'\nRequire stack:\n- /workspace/src/a.js\n- /workspace/test/a.test.js"
const sourceError =
  'TypeError: x is not a function\n    at f (/workspace/src/a.js:4:10)\n    at /workspace/test/a.test.js:3:1'
const wrongValue = 'AssertionError [ERR_ASSERTION]: 3 == 4\n    at /workspace/test/a.test.js:3:1'

describe('double check', () => {
  it('accepts an overlay run that differs in nothing', () => {
    const made = doubleCheck({ base, update: base, overlay: base, patch: sourceChanged })
    assert.deepEqual(made, { accepted: true, reasons: [], warnings: [] })
  })

  it('accepts a test file that the update itself had broken, for a person to acknowledge', () => {
    for (const [id, error] of [
      [a, kitError],
      ['test/a.test.js', loadError],
    ] as const) {
      const broken = failing(id, error)
      const made = doubleCheck({ base, update: broken, overlay: broken, patch: testChanged })
      assert.equal(made.accepted, true, made.reasons.join())
      assert.deepEqual(
        made.warnings.map(({ code, severity }) => [code, severity]),
        [['test-kit:test/a.test.js', 'acknowledge']],
      )
    }
  })

  describe('where tests are compiled', () => {
    const kit = 'src/test/java/x/KitTest.java'
    const other = 'src/test/java/x/OtherTest.java'
    const before = report({ [`${kit} › one`]: 'passed', [`${other} › two`]: 'passed' })
    const kitChanged = patchOf({ [kit]: 'old\n' }, { [kit]: 'new\n' })
    const bothChanged = patchOf({ [kit]: 'old\n', [other]: 'old\n' }, { [kit]: 'new\n', [other]: 'new\n' })
    const uncompiled = (...files: readonly string[]): Report => {
      const failures = files.map((file) => ({ file, line: 3, message: 'cannot find symbol: class Matchers' }))
      const summary = { category: 'COMPILATION_FAILURE' as const, failures, text: 'cannot find symbol' }
      return report({}, { steps: [step('build', 1, { summary }), step('test', 1, { summary })] })
    }

    it('accepts a file that no longer compiles with the update, and what it kept from running', () => {
      const run = uncompiled(kit)
      const made = doubleCheck({ base: before, update: run, overlay: run, patch: kitChanged })
      assert.deepEqual([made.accepted, made.reasons], [true, []])
      assert.deepEqual(
        made.warnings.map(({ code }) => code),
        [`test-kit:${kit}`],
      )
    })

    it('refuses where the update did not break it, where more is broken, and where more was rewritten', () => {
      const refused: readonly (readonly [Report, Report, typeof kitChanged])[] = [
        [before, uncompiled(kit), kitChanged],
        [uncompiled(kit), uncompiled(kit, 'src/main/java/x/A.java'), kitChanged],
        [uncompiled(other), uncompiled(kit), kitChanged],
        [uncompiled(kit), uncompiled(kit), bothChanged],
        [uncompiled(kit), uncompiled(kit), sourceChanged],
      ]
      for (const [update, overlay, patch] of refused)
        assert.equal(doubleCheck({ base: before, update, overlay, patch }).accepted, false)
    })
  })

  it('refuses tests that pass only as the patch rewrote them', () => {
    const refused: readonly (readonly [Report, Report, typeof testChanged])[] = [
      [base, failing(a, kitError), testChanged],
      [failing(a, wrongValue), failing(a, wrongValue), testChanged],
      [failing(a, sourceError), failing(a, wrongValue), testChanged],
      [failing('test/a.test.js', loadError), failing(a, wrongValue), testChanged],
      [failing('test/a.test.js', sourceError), failing('test/a.test.js', sourceError), testChanged],
      [failing('test/a.test.js', sourceLoadError), failing('test/a.test.js', sourceLoadError), testChanged],
      [failing(a, kitError), failing(a, kitError), sourceChanged],
      [base, report({ [b]: 'passed' }), testChanged],
    ]
    for (const [update, overlay, patch] of refused) {
      const made = doubleCheck({ base, update, overlay, patch })
      assert.equal(made.accepted, false, JSON.stringify([update.tests, overlay.tests]))
      assert.match(made.reasons.join(), /only as the patch rewrote them/)
    }
  })

  it('accepts a failing step only where both runs name a changed configuration', () => {
    const text = "ESLint couldn't find an eslint.config.(js|mjs|cjs) file."
    const lint = (said: string) =>
      report(
        { [a]: 'passed', [b]: 'passed' },
        {
          steps: [step('test'), step('lint', 2, { summary: { category: 'LINT', failures: [], text: said } })],
        },
      )
    const linted = report({ [a]: 'passed', [b]: 'passed' }, { steps: [step('test'), step('lint')] })
    const patch = patchOf({ '.eslintrc.json': '{}\n' }, { 'eslint.config.js': 'export default []\n' })
    const made = doubleCheck({ base: linted, update: lint(text), overlay: lint(text), patch })
    assert.deepEqual(
      [made.accepted, made.warnings.map(({ code }) => code)],
      [true, ['test-kit:eslint.config.js']],
    )
    const others = [
      { update: lint(text), overlay: lint('3 problems'), patch },
      { update: linted, overlay: lint(text), patch },
      { update: lint(text), overlay: lint(text), patch: sourceChanged },
    ]
    for (const other of others) assert.equal(doubleCheck({ base: linted, ...other }).accepted, false)
  })

  it('refuses an overlay run that could not be made or was ended from outside', () => {
    const unmade = report({}, { steps: [], setupError: 'full' })
    assert.equal(doubleCheck({ base, update: base, overlay: unmade, patch: testChanged }).accepted, false)
    const late = report({}, { steps: [step('build'), step('test', null, { timedOut: true })] })
    assert.equal(doubleCheck({ base, update: late, overlay: late, patch: testChanged }).accepted, false)
  })
})

describe('trees of a verification', () => {
  const manifest = (test: string, version: string, more = {}) =>
    JSON.stringify({ scripts: { test }, dependencies: { x: version }, ...more })
  const before = {
    'package.json': manifest('mocha', '1'),
    'src/a.js': 'old\n',
    'test/a.test.js': 'old test\n',
    'test/gone.test.js': 'kept\n',
    '.mocharc.json': '{}\n',
  }
  const after = {
    'package.json': manifest('exit 0', '2', { mocha: { retries: 9 } }),
    'src/a.js': 'new\n',
    'test/a.test.js': 'new test\n',
    'test/setup.js': 'global.it = () => {}\n',
    '.mocharc.json': '{"require":"./test/setup.js"}\n',
    '__mocks__/x.js': 'module.exports = 1\n',
    'node_modules/.bin/mocha': 'exit 0\n',
  }
  const ecosystem = { pinScripts } as Pick<Ecosystem, 'pinScripts'> as Ecosystem
  const project: Project = {
    ecosystem: 'npm',
    packageManager: 'npm@11',
    manifests: ['package.json'],
    image: { kind: 'node', major: 22 },
    config: {},
  }

  async function trees() {
    const folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, before)
    const repository = await openBareRepository({ dir: join(folder.path, 'repo.git'), source: root })
    const baseTree = (await git(root, 'rev-parse', 'HEAD^{tree}')).trim()
    const paths = new Set([...Object.keys(before), ...Object.keys(after)])
    const files = [...paths].map((path) => [path, (after as Record<string, string>)[path]] as const)
    const patchedTree = await repository.withFiles(
      baseTree,
      new Map(files.map(([path, text]) => [path, text === undefined ? null : Buffer.from(text)])),
    )
    return { folder, repository, baseTree, patchedTree }
  }

  it('lays the whole test kit of the base over a patch', async () => {
    const { folder, repository, baseTree, patchedTree } = await trees()
    await using _folder = folder
    const patch = patchOf(before, after)
    const tree =
      (await overlayTree(repository, ecosystem, { baseTree, patchedTree, patch, project })) ?? assert.fail()
    const names = (await repository.entries(tree)).map(({ path }) => path)
    const read = async (path: string) => (await repository.read(tree, path))?.toString()
    assert.deepEqual(names.sort(), [
      '.mocharc.json',
      'node_modules/.bin/mocha',
      'package.json',
      'src/a.js',
      'test/a.test.js',
      'test/gone.test.js',
    ])
    assert.deepEqual(
      [await read('test/a.test.js'), await read('.mocharc.json'), await read('src/a.js')],
      ['old test\n', '{}\n', 'new\n'],
    )
    assert.deepEqual(JSON.parse((await read('package.json')) ?? ''), {
      scripts: { test: 'mocha' },
      dependencies: { x: '2' },
    })
  })

  it('needs no second run where a patch leaves the test kit alone', async () => {
    const { folder, repository, baseTree } = await trees()
    await using _folder = folder
    const patchedTree = await repository.withFiles(baseTree, new Map([['src/a.js', Buffer.from('new\n')]]))
    const patch = patchOf(before, { ...before, 'src/a.js': 'new\n' })
    assert.equal(
      await overlayTree(repository, ecosystem, { baseTree, patchedTree, patch, project }),
      undefined,
    )
  })

  it("runs the base's scripts, and leaves out what stands for an installation", async () => {
    const { folder, repository, baseTree, patchedTree } = await trees()
    await using _folder = folder
    const overlay = await planOverlay(repository, ecosystem, {
      prepared: baseTree,
      wanted: patchedTree,
      scripts: baseTree,
      project,
    })
    const written = overlay.written.map(({ path }) => path)
    assert.ok(written.includes('src/a.js') && !written.includes('node_modules/.bin/mocha'))
    assert.deepEqual(overlay.deleted, ['test/gone.test.js'])
    const manifest = JSON.parse((await repository.read(overlay.tree, 'package.json'))?.toString() ?? '')
    assert.deepEqual([manifest.scripts, manifest.dependencies], [{ test: 'mocha' }, { x: '2' }])
    const own = await planOverlay(repository, ecosystem, { prepared: baseTree, wanted: patchedTree, project })
    assert.equal(own.tree, patchedTree)
  })
})
