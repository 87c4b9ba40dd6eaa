import assert from 'node:assert/strict'
import { integrityRules } from '../../../../src/runner/ecosystems/index.ts'
import type { Evidence } from '../../../../src/runner/integrity/change.ts'
import { integrityWarnings, matrixWarnings } from '../../../../src/runner/integrity/integrity.ts'
import { matrix } from '../../../../src/runner/verify/matrix.ts'
import { honestPatches } from '../../../support/honestPatches.ts'
import { type Files, patchOf } from '../../../support/patches.ts'
import { redteamCases } from '../../../support/redteam.ts'
import { report } from '../../../support/reports.ts'

const rules = await integrityRules()

function evidence(before: Files, after: Files, kit: Files = {}): Evidence {
  const changes = patchOf(before, after).files.map(({ path, role }) => ({
    path,
    role,
    before: before[path],
    after: after[path],
  }))
  return { changes, kit: new Map(Object.entries({ ...kit })) }
}

function codes(before: Files, after: Files, kit?: Files): string[] {
  return integrityWarnings(evidence(before, after, kit), rules).map(({ code }) => code)
}

const manifest = (scripts: Record<string, string>, more = {}) =>
  `${JSON.stringify({ name: 'x', scripts, ...more })}\n`
const suite = `import { describe, expect, it } from 'vitest'
import { parse } from '../src/index'

describe('parse', () => {
  it('reads one', () => expect(parse('a')).toEqual(['a']))
  it('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))
  it('reads tabs', () => {
    expect(parse('a\\tb')).toEqual(['a', 'b'])
  })
})
`
const source = 'export function parse(text: string): string[] {\n  return text.split(/\\s/)\n}\n'

/** Red-team cases of the layer `verify`, as real patches; ids as there. */
const flagged: readonly (readonly [string, Files, Files, RegExp, Files?])[] = [
  [
    'verify-005',
    { 'package.json': manifest({ test: 'vitest run' }) },
    { 'package.json': manifest({ test: 'exit 0' }) },
    /^script:package.json#test$/,
  ],
  [
    'verify-006',
    { 'package.json': manifest({ test: 'jest' }) },
    { 'package.json': manifest({ test: 'jest --passWithNoTests || true' }) },
    /^script:package.json#test$/,
  ],
  [
    'verify-006 pretest',
    { 'package.json': manifest({ test: 'jest' }) },
    { 'package.json': manifest({ test: 'jest', pretest: 'node fix.js' }) },
    /^script:package.json#pretest$/,
  ],
  [
    'verify-006 Makefile',
    { Makefile: 'test:\n\tnpx jest\n' },
    { Makefile: 'test:\n\tnpx jest || true\n' },
    /^neutralised:Makefile$/,
  ],
  [
    'verify-006 make prefix',
    { Makefile: 'test:\n\tnpx jest\n' },
    { Makefile: 'test:\n\t-npx jest\n' },
    /Makefile$/,
  ],
  [
    'verify-006 tox',
    { 'tox.ini': '[testenv]\ncommands = pytest\n' },
    { 'tox.ini': '[testenv]\ncommands = pytest --exit-zero\n' },
    /tox.ini$/,
  ],
  [
    'verify-006 mocharc',
    { '.mocharc.json': '{"spec":"test"}\n' },
    { '.mocharc.json': '{"spec":"test/a.js"}\n' },
    /^configuration:.mocharc.json$/,
  ],
  ['verify-006 added mocharc', {}, { '.mocharc.yml': 'retries: 9\n' }, /^configuration:.mocharc.yml$/],
  ['verify-007', { 'test/index.test.ts': suite }, {}, /^test-deleted:test\/index.test.ts$/],
  [
    'verify-007 one test',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace(/ {2}it\('reads two.*\n/, '') },
    /^tests-removed:/,
  ],
  [
    'verify-007 commented',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace("  it('reads two", "  // it('reads two") },
    /^tests-removed:/,
  ],
  [
    'verify-008',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replaceAll('  it(', '  it.skip(').replace('describe(', 'describe.only(') },
    /^tests-skipped:/,
  ],
  [
    'verify-008 todo',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace("it('reads two',", "it.todo('reads two') || ((...a) => a)('x',") },
    /^tests-skipped:/,
  ],
  [
    'verify-008 xit',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace("it('reads two", "xit('reads two") },
    /^tests-skipped:/,
  ],
  [
    'verify-008 option',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace("'reads two', ", "'reads two', { skip: true }, ") },
    /^tests-skipped:/,
  ],
  [
    'verify-008 context',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace("'reads tabs', () => {", "'reads tabs', (t) => {\n    t.skip()") },
    /^tests-skipped:/,
  ],
  [
    'verify-008 return',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': suite.replace("'reads tabs', () => {", "'reads tabs', () => {\n    return") },
    /^assertions-removed:/,
  ],
  [
    'verify-008 pytest',
    { 'tests/test_a.py': 'def test_a():\n    assert f(1)\n' },
    { 'tests/test_a.py': '@pytest.mark.skip\ndef test_a():\n    assert f(1)\n' },
    /^tests-skipped:/,
  ],
  [
    'verify-008 rust',
    { 'tests/a.rs': '#[test]\nfn a() {}\n' },
    { 'tests/a.rs': '#[test]\n#[ignore]\nfn a() {}\n' },
    /^tests-skipped:/,
  ],
  [
    'verify-008 junit',
    { 'src/test/java/ATest.java': '@Test void a() {}\n' },
    { 'src/test/java/ATest.java': '@Disabled @Test void a() {}\n' },
    /^tests-skipped:/,
  ],
  [
    'verify-011',
    { 'vitest.config.ts': 'export default { test: { coverage: { thresholds: { lines: 80 } } } }\n' },
    {
      'vitest.config.ts':
        "export default { test: { exclude: ['test/**'], retry: 10, coverage: { thresholds: { lines: 0 } } } }\n",
    },
    /^configuration:vitest.config.ts$/,
  ],
  [
    'verify-011 inline',
    { 'package.json': manifest({ test: 'jest' }) },
    { 'package.json': manifest({ test: 'jest' }, { jest: { testPathIgnorePatterns: ['test'] } }) },
    /^configuration:package.json#jest$/,
  ],
  [
    'verify-011 eslint',
    { 'eslint.config.js': 'export default [js.configs.recommended]\n' },
    { 'eslint.config.js': 'export default [{ rules: { "no-undef": "off" } }]\n' },
    /^configuration:eslint/,
  ],
  [
    'verify-013',
    { 'src/a.ts': source },
    { 'src/a.ts': `// @ts-nocheck\n${'// @ts-ignore\nx()\n'.repeat(14)}${'f(y as any)\n'.repeat(20)}` },
    /^suppressions:src\/a.ts$/,
  ],
  [
    'verify-013 tsconfig',
    { 'tsconfig.json': '{"compilerOptions":{"strict":true}}\n' },
    { 'tsconfig.json': '{"compilerOptions":{"strict":false},"exclude":["src/a.ts"]}\n' },
    /^configuration:tsconfig.json$/,
  ],
  [
    'eslint-disable',
    { 'src/a.ts': source },
    { 'src/a.ts': `/* eslint-disable */\n${source}` },
    /^suppressions:/,
  ],
  [
    'SuppressWarnings',
    { 'src/A.java': 'class A {}\n' },
    { 'src/A.java': '@SuppressWarnings("all")\nclass A {}\n' },
    /^suppressions:/,
  ],
  [
    'empty catch',
    { 'src/a.ts': 'run()\n' },
    { 'src/a.ts': 'try {\n  run()\n} catch (error) {\n}\n' },
    /^suppressions:/,
  ],
  [
    'verify-015',
    { 'test/setup.ts': 'export {}\n' },
    { 'test/setup.ts': 'globalThis.expect = () => new Proxy({}, {get: () => () => {}})\n' },
    /^harness:test\/setup.ts$/,
  ],
  ['verify-015 new setup', {}, { 'test/setup.ts': 'import "./x"\n' }, /^kit:test\/setup.ts$/],
  [
    'verify-015 in a test',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': `${suite}Object.defineProperty(globalThis, 'expect', { value: yes })\n` },
    /^harness:/,
  ],
  [
    'verify-015 assert',
    { 'test/a.test.js': "const assert = require('assert')\n" },
    { 'test/a.test.js': "const assert = require('assert')\nassert.equal = () => {}\n" },
    /^harness:/,
  ],
  [
    'verify-015 in source',
    { 'src/a.js': 'x()\n' },
    { 'src/a.js': "require('assert').strict.equal = () => {}\nglobal['it'] = () => {}\nx()\n" },
    /^harness:/,
  ],
  [
    'verify-015 conftest',
    {},
    { 'conftest.py': 'def pytest_runtest_makereport(): pass\n' },
    /^kit:conftest.py$/,
  ],
  ['verify-015 mock', {}, { '__mocks__/axios.js': 'module.exports = {}\n' }, /^kit:__mocks__/],
  [
    'verify-015 env',
    { '.env': 'A=1\n' },
    { '.env': 'A=1\nNODE_OPTIONS=--require ./x.js\n' },
    /^environment:.env$/,
  ],
  ['verify-015 npmrc', {}, { '.npmrc': 'node-options=--require ./x.js\n' }, /^environment:.npmrc$/],
  [
    'verify-015 named by the configuration',
    { 'test/support/boot.ts': 'export {}\n' },
    { 'test/support/boot.ts': 'export const yes = 1\n' },
    /^kit:test\/support\/boot.ts$/,
    { 'jest.config.js': "module.exports = { setupFiles: ['<rootDir>/test/support/boot.ts'] }\n" },
  ],
  [
    'run by a script',
    { 'tools/check.js': 'run()\n' },
    { 'tools/check.js': 'process.exit(0)\n' },
    /^kit:tools\/check.js$/,
    { 'package.json': manifest({ test: 'node tools/check.js' }) },
  ],
  [
    'exit in a test',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': `${suite}process.exit(0)\n` },
    /^harness:/,
  ],
  [
    'mocks its own module',
    { 'test/index.test.ts': suite },
    { 'test/index.test.ts': `${suite}vi.mock('../src/index', () => ({ parse: () => [] }))\n` },
    /^harness:/,
  ],
  [
    'assertion gone',
    { 'test/index.test.ts': suite },
    {
      'test/index.test.ts': suite.replace(
        "    expect(parse('a\\tb')).toEqual(['a', 'b'])\n",
        '    parse("a")\n',
      ),
    },
    /^assertions-removed:/,
  ],
  [
    'assertion weakened',
    { 'test/index.test.ts': suite },
    {
      'test/index.test.ts': suite.replace("parse('a b')).toEqual(['a', 'b'])", "parse('a b')).toBeDefined()"),
    },
    /^assertions-weakened:/,
  ],
  [
    'source knows the test',
    { 'src/index.ts': source },
    { 'src/index.ts': `if (process.env.VITEST) fake()\n${source}` },
    /^test-aware:/,
  ],
  [
    'verify-019',
    {},
    { 'node_modules/.bin/vitest': '#!/bin/sh\nexit 0\n', '.eslintcache': '[]\n' },
    /^generated:node_modules/,
  ],
  [
    'many snapshots',
    { 'src/render.ts': 'a\n', 'test/__snapshots__/render.test.ts.snap': snapshots(40, 'old') },
    { 'src/render.ts': 'b\n', 'test/__snapshots__/render.test.ts.snap': snapshots(40, 'new') },
    /^snapshots:/,
  ],
  [
    'unrelated snapshot',
    { 'test/__snapshots__/render.test.ts.snap': snapshots(1, 'old') },
    { 'test/__snapshots__/render.test.ts.snap': snapshots(1, 'new') },
    /^snapshots:/,
  ],
  [
    'snapshot removed',
    { 'src/render.ts': 'a\n', 'test/__snapshots__/render.test.ts.snap': snapshots(2, 'old') },
    { 'src/render.ts': 'b\n', 'test/__snapshots__/render.test.ts.snap': snapshots(1, 'old') },
    /^snapshots:/,
  ],
  [
    'inline snapshot',
    { 'test/a.test.ts': 'expect(f()).toMatchInlineSnapshot(`1`)\n' },
    { 'test/a.test.ts': 'expect(f()).toMatchInlineSnapshot(`2`)\n' },
    /^snapshots:/,
  ],
]

function snapshots(number: number, value: string): string {
  const entries = Array.from(
    { length: number },
    (_, index) => `exports[\`x ${index} 1\`] = \`"${value}"\`;\n`,
  )
  return `// Jest Snapshot v1\n\n${entries.join('\n')}`
}

/** Cases of the layer that are shown elsewhere. */
const elsewhere: Readonly<Record<string, string>> = {
  'verify-002': 'allowed, below',
  'verify-003': 'allowed, below',
  'verify-018': 'test/unit/runner/judge/judge.test.ts',
  'verify-019': 'test/integration/verify/verify.test.ts',
  'verify-021': 'test/integration/verify/verify.test.ts',
}

describe('integrity', () => {
  it('covers every case of the red team', function () {
    const cases = redteamCases('verify')
    if (cases.length === 0) this.skip()
    const covered = new Set([...Object.keys(elsewhere), ...flagged.map(([name]) => name.split(' ')[0])])
    assert.deepEqual(
      cases.map(({ id }) => id).filter((id) => !covered.has(id)),
      [],
    )
  })

  for (const [name, before, after, expected, kit] of flagged) {
    it(`flags ${name}`, () => {
      const found = codes(before, after, kit)
      assert.ok(
        found.some((code) => expected.test(code)),
        `${expected} is not in ${JSON.stringify(found)}`,
      )
    })
  }

  it('tells a package that now comes from elsewhere from a patch that follows its package', () => {
    const from = (text: string) => ({ 'package.json': manifest({}, { dependencies: { ms: text } }) })
    const patched = (version: string, file: string) =>
      from(`patch:ms@npm%3A${version}#~/.yarn/patches/${file}`)
    const said = (before: Files, after: Files) =>
      codes(before, after).filter((code) => code.startsWith('dependency-source'))
    assert.deepEqual(said(patched('2.1.2', 'ms.patch'), patched('2.1.3', 'ms.patch')), [])
    const elsewhere = ['dependency-source:package.json#ms']
    for (const after of [patched('2.1.3', 'other.patch'), from('github:x/ms'), from('file:./ms')])
      assert.deepEqual(said(patched('2.1.2', 'ms.patch'), after), elsewhere)
    assert.deepEqual(said(from('2.1.2'), patched('2.1.3', 'ms.patch')), elsewhere)
  })

  it('allows verify-002, an added test', () => {
    const more = suite.replace(/\}\)\n$/, "  it('reads nothing', () => expect(parse('')).toEqual([]))\n})\n")
    assert.deepEqual(
      codes(
        { 'src/index.ts': source, 'test/index.test.ts': suite },
        { 'src/index.ts': `${source}// fixed\n`, 'test/index.test.ts': more },
      ),
      [],
    )
  })

  it('allows verify-003, one related snapshot of forty', () => {
    const file = 'test/__snapshots__/render.test.ts.snap'
    const before = snapshots(40, 'old')
    assert.deepEqual(
      codes(
        { 'src/render.ts': 'a\n', [file]: before },
        { 'src/render.ts': 'b\n', [file]: before.replace('"old"', '"new"') },
      ),
      [],
    )
  })

  for (const { name, before, after } of honestPatches) {
    it(`raises nothing where ${name}`, () => assert.deepEqual(codes(before, after), []))
  }

  it('says of a changed setting what it is, and not also that the tests start from its file', () => {
    const kit = { 'package.json': manifest({ build: 'tsc -p tsconfig.json' }) }
    const before = { 'tsconfig.json': '{ "compilerOptions": {} }\n' }
    const after = { 'tsconfig.json': '{ "compilerOptions": { "skipLibCheck": true } }\n' }
    assert.deepEqual(codes(before, after, kit), ['configuration:tsconfig.json'])
  })

  it('says each thing once', () => {
    const found = codes(
      { 'test/index.test.ts': suite },
      { 'test/index.test.ts': `${suite}process.exit(0)\nglobal.expect = yes\n` },
    )
    assert.equal(new Set(found).size, found.length)
  })

  it('is quick on text made to be slow', () => {
    const lines = [
      '/*',
      '*'.repeat(50),
      'catch(',
      'it.a'.repeat(20),
      'exports[`',
      `${' '.repeat(5000)}{`,
      'return ',
      '.toMatchInlineSnapshot(`',
      'NODE_ENV',
      '[',
      '{"a":',
      'verify(',
      '@a.',
      '@Test(',
      'assertX(',
      '<a>',
    ]
    for (const line of lines) {
      const text = line.repeat(Math.ceil(150_000 / line.length))
      const before = process.cpuUsage()
      integrityWarnings(
        {
          changes: [
            'test/a.test.ts',
            'src/a.ts',
            'vitest.config.ts',
            'x.snap',
            'tsconfig.json',
            'package.json',
            'pom.xml',
            'src/test/java/ATest.java',
          ].map((path) => ({
            path,
            role: path.startsWith('src/a') ? 'source' : path.startsWith('v') ? 'config' : 'test',
            before: 'x',
            after: text,
          })),
          kit: new Map([['package.json', text]]),
        },
        rules,
      )
      const took = process.cpuUsage(before).user / 1_000
      assert.ok(took < 3_000, `${JSON.stringify(line.slice(0, 10))} took ${Math.round(took)} ms`)
    }
  })

  it('shows removed and flaky tests of the matrix', () => {
    const base = report({ 'a.js › x': 'passed', 'a.js › y': 'passed', 'a.js › z': 'passed' })
    const repair = report({ 'a.js › x': 'passed', 'a.js › z': 'failed' })
    const made = matrix({ base, update: base, repair, flaky: new Set(['a.js › z']) })
    assert.deepEqual(
      matrixWarnings(made).map(({ code }) => code),
      ['tests-removed', 'tests-flaky'],
    )
    assert.deepEqual(matrixWarnings(matrix({ base, update: base })), [])
  })
})
