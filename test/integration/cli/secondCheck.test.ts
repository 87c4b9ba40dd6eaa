import assert from 'node:assert/strict'
import { mkdtemp, realpath } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SessionView } from '../../../src/contract/sessionView.ts'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { inTurn } from '../../support/inTurn.ts'
import { discard } from '../../support/keys.ts'
import { makeRepository } from '../../support/madeRepository.ts'
import type { Turn } from '../../support/model/script.ts'
import { startModel } from '../../support/model/server.ts'

interface Played {
  readonly view: SessionView
  /** What the agent was answered, and what the judge was given. */
  readonly answers: string
  readonly judged: string
}

const edit = (path: string, old: string, now: string): Turn => ({
  toolUses: [{ name: 'Edit', input: { path, old, new: now, ...(old === '' ? { create: true } : {}) } }],
})
const verify: Turn = { toolUses: [{ name: 'Verify', input: {} }] }

/** Approves, and quotes a line of the patch. */
function approval(quote: string): Turn {
  const criterion = { pass: true, reason: 'As the new version wants it.', evidence: [quote] }
  return {
    toolUses: [{ name: 'verdict', input: { in_scope: criterion, safe: criterion, quality: criterion } }],
  }
}

const codes = ({ warnings }: SessionView) => warnings.map(({ code }) => code)
const message = ({ warnings }: SessionView, code: string) =>
  warnings.find((warning) => warning.code === code)?.message ?? assert.fail(`no ${code}`)

describe('the base’s tests, configuration and scripts, put back', () => {
  let drydock: Drydock
  let folder: string
  before(async () => {
    drydock = await openDrydock()
    folder = await realpath(await mkdtemp(join(tmpdir(), 'drydock-fixture-')))
  })
  after(async () => {
    await discard(folder)
    await drydock[Symbol.asyncDispose]()
  })

  /** Updates a project of these files; the agent makes the edits, asks for a check and ends. */
  async function played(
    files: Readonly<Record<string, string>>,
    wish: string,
    edits: readonly Turn[],
    quote: string,
  ): Promise<Played> {
    const root = await mkdtemp(join(folder, 'project-'))
    await makeRepository(root, files)
    const agent = [...edits, verify, { text: 'Done.' }]
    const model = await startModel({ agent, judge: [approval(quote), approval(quote)] })
    try {
      const view = await drydock.session(['update', wish, '--repo', root, '--no-review'], playedBy(model))
      const texts = (purpose: string) =>
        model.requests.filter((one) => one.purpose === purpose).map(({ body }) => JSON.stringify(body))
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
      // A warning is reason enough to ask the judge twice.
      assert.deepEqual([model.count('agent'), model.count('judge')], [agent.length, 2])
      const refused = await drydock.run(['publish', view.id, '--yes'])
      assert.match(refused.stderr, /acknowledge/i)
      return { view, answers: texts('agent').at(-1) ?? '', judged: texts('judge')[0] ?? '' }
    } finally {
      await model.close()
    }
  }

  inTurn(0, 2)('excuse a script whose option the new version knows by another name', async () => {
    const script = (option: string) => `jest ${option}=test/unit`
    const files = {
      'package.json': JSON.stringify(
        {
          name: 'x',
          private: true,
          scripts: { test: script('--testPathPattern') },
          devDependencies: { jest: '29.7.0' },
        },
        undefined,
        2,
      ),
      'test/unit/sum.test.js': "test('adds', () => expect(1 + 1).toBe(2))\n",
    }
    const edits = [edit('package.json', script('--testPathPattern'), script('--testPathPatterns'))]
    const { view, answers, judged } = await played(files, 'jest@30.0.5', edits, script('--testPathPatterns'))
    const code = 'test-kit:package.json#scripts.test'
    assert.ok(!codes(view).some((one) => one.startsWith('objection:')), codes(view).join())
    assert.match(
      message(view, code),
      /script test of package\.json, put back alone: `npm test` ends with 1 without having run a test, as with the update alone/,
    )
    assert.match(answers, /Everything that passed before passes\..*A person will be asked.*put back alone/)
    assert.ok(judged.includes(code))
  })

  inTurn(1, 2)('excuse a configuration that the new version reads in another form', async () => {
    const files = {
      'package.json': JSON.stringify({
        ...{ name: 'x', private: true, devDependencies: { eslint: '8.57.1' } },
        scripts: { test: 'node --test', lint: 'eslint src' },
      }),
      '.eslintrc.json': '{ "root": true, "env": { "es2022": true }, "rules": { "no-var": "error" } }\n',
      'src/sum.js': 'exports.sum = (a, b) => a + b\n',
      'test/sum.test.js':
        "const { sum } = require('../src/sum')\nrequire('node:test')('adds', () => require('node:assert').equal(sum(1, 1), 2))\n",
    }
    const flat = "module.exports = [{ rules: { 'no-var': 'error' } }]"
    const { view } = await played(files, 'eslint@9.39.1', [edit('eslint.config.js', '', `${flat}\n`)], flat)
    const said = message(view, 'test-kit:eslint.config.js')
    assert.match(
      said,
      /eslint\.config\.js, new with the patch and taken out alone: `npm run lint` ends with 2 without having looked at a file, as with the update alone/,
    )
    assert.match(said, /As patched: test ok, lint ok, 1 passed/)
    assert.ok(!codes(view).some((one) => one.startsWith('objection:')), codes(view).join())
  })

  describe('of a test that asserts', () => {
    const words = "assert.equal(problem(null), 'Invalid Version: null')"
    const files = {
      'package.json': JSON.stringify({
        ...{ name: 'x', private: true, dependencies: { semver: '6.3.1' }, scripts: { test: 'node --test' } },
      }),
      'src/problem.js': [
        "const { SemVer } = require('semver')",
        'exports.problem = (text) => {',
        '  try {',
        '    return new SemVer(text).raw && undefined',
        '  } catch (error) {',
        '    return error.message',
        '  }',
        '}\n',
      ].join('\n'),
      'test/problem.test.js': [
        "const assert = require('node:assert')",
        "const { test } = require('node:test')",
        "const { problem } = require('../src/problem')",
        `test('says what is wrong', () => ${words})`,
        "test('says nothing', () => assert.equal(problem('1.2.3'), undefined))\n",
      ].join('\n'),
    }

    it('show the library’s new words beside the old ones', async () => {
      const actual = 'Invalid version. Must be a string. Got type "object".'
      const now = `assert.equal(problem(null), '${actual}')`
      const edits = [edit('test/problem.test.js', words, now)]
      const { view, judged } = await played(files, 'semver@7.7.3', edits, now)
      const said = message(view, 'expectation:test/problem.test.js')
      assert.ok(said.includes('expected "Invalid Version: null" before'), said)
      assert.ok(said.includes(`the update alone gives ${JSON.stringify(actual)}`), said)
      assert.ok(judged.includes('Invalid Version: null'))
      assert.ok(!codes(view).some((one) => one.startsWith('objection:')), codes(view).join())
    })

    it('speak against a rewritten test that asserts less', async () => {
      const less = 'assert.ok(problem(null))'
      const edits = [edit('test/problem.test.js', words, less)]
      const { view, answers } = await played(files, 'semver@7.7.3', edits, less)
      assert.match(
        message(view, 'objection:test/problem.test.js'),
        /passes only as the patch has it; 1 test of before no longer passes/,
      )
      assert.match(
        answers,
        /But not with the base's own tests.*says what is wrong.*Invalid version\. Must be a string/,
      )
      assert.deepEqual([view.matrix?.green, view.reports.overlay?.tests.failed], [true, 1])
    })
  })
})
