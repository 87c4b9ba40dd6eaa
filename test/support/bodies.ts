import type { MatrixTest } from '../../src/contract/report.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import type { WhyItBroke } from '../../src/contract/why.ts'
import { step } from './reports.ts'

/** What somebody could call a package, a test or a file who means harm. */
export const hostileText =
  '`</code></details><img src=x onerror=1> @octocat #1 [x](https://evil.example) | \\| ``` ~~~ <!-- \n\n# h\u202e - [x] '

const counts = {
  ...{ passing: 0, 'already failing': 0, broken: 0, repaired: 0, regressed: 0 },
  ...{ flaky: 0, new: 0, removed: 0, 'not run': 0 },
}

function run(tests: { readonly passed: number; readonly failed: number }) {
  const steps = [
    step('build', 0, { durationMs: 2100 }),
    step('test', tests.failed > 0 ? 1 : 0, { durationMs: 12_340 }),
  ]
  const all = { ...tests, skipped: 0, todo: 0 }
  return {
    ok: tests.failed === 0,
    steps,
    testsNamed: true,
    tests: all,
    notes: [],
    toolchain: 'Node 22 (.nvmrc)',
  }
}

/** A session that waits for review, changed for each kind of text that a pull request can have. */
export function bodies(view: SessionView): Readonly<Record<string, SessionView>> {
  const matrix = { ...counts, passing: 41 }
  const base: SessionView = {
    ...view,
    ...{ turns: 0, attempts: [], costUsd: 0.01, warnings: [] },
    moves: [{ name: 'left-pad', from: '1.0.0', to: '2.0.0' }],
    reports: { base: run({ passed: 41, failed: 0 }), update: run({ passed: 41, failed: 0 }) },
    matrix: {
      ...{ counts: matrix, tests: [], green: true, verified: true, reasons: [], proof: 'tests' },
      steps: [{ name: 'test', command: 'npm test', label: 'passing', base: true, update: true }],
      ...{ proven: ['as before: the build, 41 tests'], notProven: [] },
    },
  }
  return {
    clean: base,
    repair: repaired(view, base),
    'three thousand tests': thousands(base),
    'two hundred transitive changes': { ...base, why: transitive(200) },
    'hostile names': hostile(view, base),
  }
}

function repaired(view: SessionView, base: SessionView): SessionView {
  return {
    ...base,
    ...{ turns: view.turns, attempts: view.attempts, warnings: view.warnings },
    reports: {
      ...base.reports,
      update: run({ passed: 38, failed: 3 }),
      repair: run({ passed: 41, failed: 0 }),
    },
    matrix: base.matrix && {
      ...base.matrix,
      counts: { ...counts, passing: 38, repaired: 3 },
      tests: [1, 2, 3].map(
        (n): MatrixTest => ({
          ...{ id: `test/pad.test.js › pads ${n}`, label: 'repaired' },
          ...{ base: 'passed', update: 'failed', repair: 'passed' },
        }),
      ),
    },
    why: {
      ...transitive(3),
      failures: {
        list: [
          {
            ...{ step: 'test', command: 'npm test', code: 'ERR_PACKAGE_PATH_NOT_EXPORTED', more: 0 },
            message: 'Package subpath \'./v4\' is not defined by "exports"',
            places: [{ file: 'src/pad.js', line: 3 }, { test: 'test/pad.test.js › pads 1' }],
          },
        ],
        more: 0,
      },
      interface: {
        whole: ['module format: CommonJS (`require` works) → ES module only (`import`)'],
        met: [
          {
            ...{ name: 'pad', kind: 'removed', text: '`pad(text: string, length: number)`', more: 0 },
            sites: [{ path: 'src/pad.js', line: 3, text: 'pad(a, 3)' }],
          },
        ],
        ...{ more: 0, unmet: 4, sites: [] },
      },
      changelog: {
        entries: [{ version: '2.0.0', text: '## 2.0.0\n\n- **Breaking**: `pad` is gone, see @octocat' }],
        more: 0,
      },
      released: { from: '2025-01-02T00:00:00Z', to: '2026-01-02T00:00:00Z' },
    },
  }
}

function thousands(base: SessionView): SessionView {
  const name = (n: number): string =>
    `test/module-${n % 40}/behaviour.test.ts › a group with a rather long name › does what is expected of it in case ${n}`
  return {
    ...base,
    matrix: base.matrix && {
      ...base.matrix,
      counts: { ...counts, repaired: 3000 },
      tests: Array.from(
        { length: 3000 },
        (_, n): MatrixTest => ({
          ...{ id: name(n), label: 'repaired', base: 'passed', update: 'failed', repair: 'passed' },
        }),
      ),
    },
  }
}

function transitive(count: number): WhyItBroke {
  const moves = Array.from({ length: count }, (_, n) => ({
    name: `@scope/package-${n}`,
    before: n % 7 === 0 ? [] : [`1.${n}.0`],
    after: n % 11 === 1 ? [] : [`2.${n}.0`, `3.${n}.0`],
    ...(n % 50 === 3 ? { scripts: [{ name: 'postinstall', command: 'node ./install.js' }] } : {}),
  }))
  return { packages: { moves, more: 0 } }
}

function hostile(view: SessionView, base: SessionView): SessionView {
  const evil = hostileText
  const pass = { pass: false, reason: evil, evidence: [evil] }
  const site = { path: evil, line: 1, text: evil }
  return {
    ...base,
    ...{ turns: 1, costUsd: 0 },
    attempts: [{ attempt: 1, model: evil, turns: 1, costUsd: 0, end: 'done', account: evil }],
    moves: [{ name: evil, from: evil, to: evil, reason: evil }],
    places: [{ manifest: evil, before: evil, after: evil, by: evil, note: evil }],
    warnings: [
      { code: evil, message: evil, severity: 'acknowledge', acknowledged: true },
      { code: evil, message: evil, severity: 'notice', acknowledged: false },
    ],
    patch: view.patch && { ...view.patch, files: view.patch.files.map((file) => ({ ...file, path: evil })) },
    reports: {
      base: {
        ...run({ passed: 1, failed: 0 }),
        steps: [step('test', 0, { command: evil })],
        toolchain: evil,
      },
      update: { ...run({ passed: 0, failed: 1 }), setupError: evil },
    },
    matrix: base.matrix && {
      ...base.matrix,
      ...{ verified: false, reasons: [evil], proven: [evil], notProven: [evil], unstable: [evil] },
      tests: [{ id: evil, label: 'broken' }],
      steps: [{ name: 'test', command: evil, base: true }],
    },
    verdict: view.verdict && {
      ...{ ...view.verdict, model: evil, summary: evil },
      criteria: { in_scope: pass, safe: pass, quality: pass },
    },
    approval: {
      ...{ digest: '', baseCommit: '', acknowledged: [], withoutJudge: false },
      by: evil,
      at: evil,
    },
    why: {
      failures: {
        list: [
          {
            step: 'test',
            command: evil,
            code: evil,
            message: evil,
            places: [{ file: evil, test: evil }],
            more: 2,
          },
        ],
        more: 1,
      },
      interface: {
        whole: [evil],
        met: [{ name: evil, kind: 'removed', text: evil, sites: [site], more: 1 }],
        ...{ more: 1, unmet: 1, sites: [] },
      },
      changelog: { entries: [{ version: evil, text: evil, cut: true }], more: 1 },
      packages: {
        moves: [{ name: evil, before: [evil], after: [evil], scripts: [{ name: evil, command: evil }] }],
        more: 1,
      },
    },
  }
}
