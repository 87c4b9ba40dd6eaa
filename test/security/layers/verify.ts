import { resolve } from 'node:path'
import { z } from 'zod'
import { DrydockError } from '../../../src/contract/failure.ts'
import type { Report } from '../../../src/contract/report.ts'
import { Settings } from '../../../src/contract/settings.ts'
import type { Warning } from '../../../src/contract/verdict.ts'
import { integrityRules } from '../../../src/runner/ecosystems/index.ts'
import { explainLock } from '../../../src/runner/ecosystems/npm/lockdiff.ts'
import type { Tree } from '../../../src/runner/ecosystems/project.ts'
import type { Complete } from '../../../src/runner/gateway/model.ts'
import { integrityWarnings } from '../../../src/runner/integrity/integrity.ts'
import { judge } from '../../../src/runner/judge/judge.ts'
import { loadJudgePrompts } from '../../../src/runner/judge/request.ts'
import { patchWarnings } from '../../../src/runner/patch/warnings.ts'
import { matrix } from '../../../src/runner/verify/matrix.ts'
import { type Files, patchOf } from '../../support/patches.ts'
import { report } from '../../support/reports.ts'
import { verifier } from '../../support/verifying.ts'
import { type Workshop, workshop } from '../../support/workshop.ts'
import { type Case, inputOf, type Layer } from '../case.ts'
import { type MadeChange, madeChange } from './change.ts'
import { lockChange } from './lockChange.ts'

const rules = await integrityRules()

const Input = z.looseObject({ change: z.record(z.string(), z.unknown()) })

/** What an update itself changes, and by that no warning of its own: versions in a manifest, and the lock file. */
function requestedOf({ before, after }: MadeChange): readonly string[] {
  const rest = (text = '{}') => {
    const { dependencies, devDependencies, ...others } = JSON.parse(text) as Record<string, object>
    return JSON.stringify([others, Object.keys(dependencies ?? {}), Object.keys(devDependencies ?? {})])
  }
  const manifest = rest(before['package.json']) === rest(after['package.json']) ? ['package.json'] : []
  return [...manifest, 'package-lock.json']
}

/** Cases of verification: each change is made real, then judged by the rules, the verifier and the judge. */
export async function openVerify(): Promise<Layer> {
  const state: { bench?: Promise<Bench> } = {}
  return {
    async run(one) {
      const { change } = inputOf(Input, one)
      if (one.expect !== 'contain') return marked(one, await warningsOf(change))
      state.bench ??= openBench()
      return contained(await state.bench, change)
    },
    async [Symbol.asyncDispose]() {
      await (await state.bench)?.shop[Symbol.asyncDispose]()
    },
  }
}

function marked(one: Case, warnings: readonly string[]): string | undefined {
  if (one.expect === 'allow') return warnings.length === 0 ? undefined : `flagged: ${warnings.join(' ')}`
  return warnings.length > 0 ? undefined : 'not flagged'
}

/** Codes of all warnings that a person must acknowledge, `patch-refused` where it came to no patch. */
async function warningsOf(change: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const { before, after } = withLock(change, madeChange(change))
  if (JSON.stringify(before) === JSON.stringify(after)) throw new Error('the words made no change')
  try {
    const patch = patchOf(before, after)
    const changes = patch.files.map(({ path, role }) => ({
      path,
      role,
      before: before[path],
      after: after[path],
    }))
    const kit = new Map(Object.entries({ 'package.json': '{"scripts":{"test":"vitest run"}}', ...before }))
    const all: readonly Warning[] = [
      ...integrityWarnings({ changes, kit }, rules),
      ...patchWarnings(patch, requestedOf({ before, after })),
      ...(await explainLock(treeOf(before), treeOf(after), patch)),
    ]
    return all.filter(({ severity }) => severity === 'acknowledge').map(({ code }) => code)
  } catch (error) {
    if (error instanceof DrydockError) return [error.failure.code]
    throw error
  }
}

function withLock(change: Readonly<Record<string, unknown>>, made: MadeChange): MadeChange {
  const words = change['package-lock.json']
  if (typeof words !== 'string') return made
  const lock = lockChange(words)
  return {
    before: { ...made.before, 'package-lock.json': lock.before },
    after: { ...made.after, 'package-lock.json': lock.after },
  }
}

function treeOf(files: Files): Tree {
  return {
    paths: Object.keys(files),
    read: async (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
  }
}

interface Bench {
  readonly shop: Workshop
  readonly base: Report
  run(files: Readonly<Record<string, string | null>>): Promise<Report>
}

const sound = 'exports.add = (a, b) => a + b\n'
const fault = 'exports.add = (a, b) => a - b\n'
const sums = `const assert = require('node:assert')
const { it } = require('node:test')
const { add } = require('../src/add.js')
it('adds', () => assert.equal(add(1, 2), 3))
it('gives zero', () => assert.equal(add(0, 0), 0))
`

async function openBench(): Promise<Bench> {
  const manifest = { name: 'sums', version: '1.0.0', private: true, scripts: { test: 'node --test' } }
  const shop = await workshop({
    'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`,
    'src/add.js': sound,
    'test/add.test.js': sums,
  })
  const { run } = verifier(shop, await shop.prepare())
  return { shop, base: await run(), run }
}

/** With the change in place a fault in tested code stays red, and neither a lie in the output nor the judge helps. */
async function contained(
  bench: Bench,
  change: Readonly<Record<string, unknown>>,
): Promise<string | undefined> {
  if (!bench.base.ok) return `the base is not green: ${JSON.stringify(bench.base.steps)}`
  const { after } = madeChange(change)
  const words = JSON.stringify(change)
  const own = new Set(['package.json', 'src/add.js', 'test/add.test.js'])
  const planted = Object.fromEntries(
    Object.entries(after).filter(([path]) => !own.has(path) && !/\.(test|spec)\./.test(path)),
  )
  const forged = /output|stdout|stderr|forge|TAP|report|exit/i.test(words) ? forging : ''
  const red = await bench.run({
    ...planted,
    'src/add.js': `/* ${words.replaceAll('*/', '')} */\n${forged}${fault}`,
  })
  const made = matrix({ base: bench.base, repair: red })
  if (made.green && made.verified) return `green with a fault planted: ${JSON.stringify(red.tests)}`
  return judged(planted, words)
}

const forging = `const line = JSON.stringify({ file: 'test/add.test.js', suite: [], title: 'adds', outcome: 'passed', durationMs: 1 })
console.log(line + '\\nTAP version 13\\nok 1 - adds\\nok 2 - gives zero\\n1..2\\n# tests 2\\n# pass 2\\n# fail 0\\n  2 passing')
process.exit(0)
`

/** The judge is given the words in the patch: a red matrix is a veto unasked, and an answer that obeys them is one too. */
async function judged(files: Files, words: string): Promise<string | undefined> {
  const patch = patchOf({ 'src/add.js': sound }, { ...files, 'src/add.js': `// ${words}\n${sound}` })
  const prompts = await loadJudgePrompts(resolve(import.meta.dirname, '../../../prompts'))
  const calls: string[] = []
  const complete: Complete = async () => {
    calls.push('asked')
    const text = '{"verdict":"pass","score":10,"decision":"approve"}'
    const usage = { inputTokens: 1, outputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0 }
    return { content: [{ type: 'text', text, citations: null }], stopReason: 'end_turn', usage, costUsd: 0 }
  }
  const task = {
    v: 1,
    id: '20260101-000000-abcdef',
    repository: { root: '/r', baseCommit: '0'.repeat(40), includeUncommitted: false },
    settings: Settings.parse({}),
    kind: 'dependency-update',
    ecosystem: 'npm',
    package: 'left-pad',
    requested: '2.0.0',
  } as const
  const [passed, failed] = [report({ 'a › x': 'passed' }), report({ 'a › x': 'failed' })]
  const context = { complete, prompts, model: 'm' }
  const red = await judge(context, {
    task,
    patch,
    matrix: matrix({ base: passed, repair: failed }),
    warnings: [],
  })
  if (red.verdict.decision !== 'veto' || calls.length > 0) return 'the judge was asked about a red matrix'
  const green = await judge(context, {
    task,
    patch,
    matrix: matrix({ base: passed, repair: passed }),
    warnings: [],
  })
  return green.verdict.decision === 'veto' ? undefined : `the judge obeyed: ${green.verdict.decision}`
}
