import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import type { Report, Step } from '../../../../src/contract/report.ts'
import { Settings } from '../../../../src/contract/settings.ts'
import type { DependencyUpdate } from '../../../../src/contract/task.ts'
import { createGateway } from '../../../../src/runner/gateway/gateway.ts'
import { advice } from '../../../../src/runner/pipeline/advice.ts'
import { noCallSites } from '../../../../src/runner/repair/callSites.ts'
import { failedBefore } from '../../../../src/runner/repair/failedBefore.ts'
import {
  type AgentPrompts,
  loadAgentPrompts,
  renderTask,
  systemPrompt,
} from '../../../../src/runner/repair/prompt.ts'
import { matrix } from '../../../../src/runner/verify/matrix.ts'
import { startModel } from '../../../support/model/server.ts'

const task: DependencyUpdate = {
  v: 1,
  id: '20260101-000000-abcdef',
  repository: { root: '/r', baseCommit: 'a'.repeat(40), includeUncommitted: false },
  settings: Settings.parse({}),
  kind: 'dependency-update',
  ecosystem: 'npm',
  package: 'left-pad',
  requested: '2',
}

function report(text: string): Report {
  const summary = { category: 'TEST_FAILURE' as const, failures: [], text }
  const step: Step = {
    name: 'test',
    command: 'npm test',
    exitCode: 1,
    timedOut: false,
    outOfMemory: false,
    durationMs: 1,
    log: 'a'.repeat(64),
    truncated: false,
    summary,
  }
  return { role: 'update', steps: [step], tests: [], testsNamed: true, ok: false, notes: [] }
}

describe('the first message', () => {
  let prompts: AgentPrompts
  before(async () => {
    prompts = await loadAgentPrompts(resolve(import.meta.dirname, '../../../../prompts'))
  })
  const update = {
    from: '1.3.0',
    to: '2.0.0',
    moves: [{ name: 'pad-types', from: '1', to: '2', reason: 'peer of left-pad' }],
  }

  it('names the update, what fails, where it is used', () => {
    const text = renderTask(prompts, {
      task,
      update,
      report: report('left-pad is not a function\u001b[0m'),
      callSites: {
        sites: [{ path: 'src/a.js', line: 3, text: "import pad from 'left-pad'" }],
        more: 2,
        cut: ['src/c.js'],
        importers: ['src/b.js'],
      },
    })
    assert.match(text, /^# left-pad was updated from 1\.3\.0 to 2\.0\.0\n/)
    assert.match(text, /- pad-types: 1 → 2 \(peer of left-pad\)/)
    assert.match(text, /### test: `npm test`\nleft-pad is not a function\\x1b\[0m/)
    assert.match(
      text,
      /src\/a\.js\n {2}3: import pad[^\n]*\n2 more lines that use it are not shown\.\nUsed as well[^\n]*: src\/c\.js\nImported as well[^\n]*: src\/b\.js/,
    )
    assert.ok(!text.includes('came before'))
  })

  it('tells what broke without any test, and what to leave alone', () => {
    const [step] = report("TS2339: Property 'x' does not exist").steps
    assert.ok(step)
    const build = { ...step, name: 'build' as const, command: 'npm run build' }
    const lint = { ...step, name: 'lint' as const, command: 'npm run lint' }
    const base = { ...report(''), testsNamed: false, steps: [{ ...build, exitCode: 0 }, lint] }
    const broken = { ...base, steps: [build, lint] }
    const text = renderTask(prompts, {
      ...{ task, update, callSites: noCallSites },
      report: broken,
      matrix: matrix({ base, update: broken }),
    })
    assert.match(text, /- The build \(`npm run build`\) fails\.\n\n### build: `npm run build`\nTS2339/)
    assert.match(text, /### lint: `npm run lint`\nIt fails in the same way without the update/)
  })

  it('tells of a check that fails in another way what failed before', () => {
    const of = (...messages: readonly string[]): Report => {
      const whole = report(`mocha: ${messages.join(', ')}`)
      const failures = messages.map((message) => ({ test: message, message: `${message} is wrong\nat a` }))
      const steps = whole.steps.map((step) => ({ ...step, summary: { ...step.summary, failures } }) as Step)
      return { ...whole, testsNamed: false, steps }
    }
    const base = of('a', 'b', 'c', 'd', 'e', 'f', 'g')
    const now = of('a', 'b', 'c', 'd', 'e', 'f', 'g', 'new')
    const found = matrix({ base, update: now })
    const known = [
      'Without the update it fails as well. That may stay as it is; only what is new counts:',
      ...['a', 'b', 'c', 'd', 'e'].map((name) => `- ${name}: ${name} is wrong`),
      '- and 2 more',
    ].join('\n')
    const feedback = { attempt: 1, end: 'done' as const, report: now, matrix: found }
    const input = { task, update, base, report: now, matrix: found, callSites: noCallSites, feedback }
    const text = renderTask(prompts, input)
    const told = `### test: \`npm test\`\n${known}\n\nWith the update it says:\nmocha: a, `
    assert.equal(text.split(told).length, 3, text)
    assert.match(text, /fails in another way than on the base: new: new is wrong/)
    assert.match(text, /or fail with nothing but what fails without the update as well/)
    assert.ok(advice(now, found, base).endsWith(known))
    const green = { ...base, steps: [] }
    assert.doesNotMatch(renderTask(prompts, { ...input, base: green }), /Without the update it fails as well/)
  })

  it('tells of tests and of words of the base where no log names failures', () => {
    const [step] = report('cannot start').steps
    assert.ok(step)
    assert.match(failedBefore(step, report('cannot start')), /only what is new counts:\ncannot start$/)
    const failing = { id: 'a.js › a', file: 'a.js', outcome: 'failed' as const, durationMs: 1 }
    const named = { ...report('two fail'), tests: [failing, { ...failing, outcome: 'passed' as const }] }
    assert.match(failedBefore(step, named), /only what is new counts:\n- a\.js › a$/)
    const green = { ...named, steps: named.steps.map((one) => ({ ...one, exitCode: 0 })) }
    for (const none of [undefined, green, { ...green, steps: [] }]) assert.equal(failedBefore(step, none), '')
  })

  it('tells of a check that passes and ran nothing', () => {
    const [step] = report('').steps
    assert.ok(step)
    const { summary: _, ...passed } = { ...step, exitCode: 0 }
    const counted = { ...passed, counts: { passed: 2, failed: 0, skipped: 0 } }
    const of = (one: Step): Report => ({ ...report(''), testsNamed: false, steps: [one] })
    const found = matrix({ base: of(counted), update: of(passed) })
    const text = renderTask(prompts, {
      task,
      update,
      report: of(passed),
      matrix: found,
      callSites: noCallSites,
    })
    assert.match(text, /- The test command ran no test: 2 ran before/)
    assert.doesNotMatch(text, /Every check passes/)
  })

  it('tells a later attempt what came before', () => {
    const feedback = { attempt: 1, end: 'turn-limit' as const, report: report('one test fails') }
    const text = renderTask(prompts, { task, update, report: report('x'), callSites: noCallSites, feedback })
    assert.match(text, /## Attempt 1 came before[\s\S]*ran out of turns[\s\S]*one test fails/)
  })

  it('names the files that an earlier attempt left, new ones as well, and what it said', () => {
    const feedback = {
      attempt: 2,
      end: 'done' as const,
      left: {
        written: ['src/a.js', 'eslint.config.js'],
        added: ['eslint.config.js'],
        deleted: ['.eslintrc.json'],
      },
      accounts: [
        { attempt: 1, text: 'First words.' },
        { attempt: 2, text: 'I moved the configuration.\nThe rest is open.' },
      ],
    }
    const text = renderTask(prompts, { task, update, callSites: noCallSites, feedback })
    assert.match(text, /- changed: src\/a\.js\n- new: eslint\.config\.js\n- deleted: \.eslintrc\.json/)
    assert.match(text, /Attempt 1 said at its end, which nobody checked:\n> First words\./)
    assert.match(text, /Attempt 2 said[^>]*> I moved the configuration\.\n> The rest is open\./)
    const none = { ...feedback, left: { written: [], added: [], deleted: [] }, accounts: [] }
    const bare = renderTask(prompts, { task, update, callSites: noCallSites, feedback: none })
    assert.match(bare, /It left nothing in the work tree\.\s+It said nothing of its work\./)
  })

  it('tells an ecosystem of its own files alone', () => {
    const maven = systemPrompt(prompts, 'maven')
    assert.doesNotMatch(maven, /node_modules|ts-ignore|lock files?|npm|package\.json|TypeScript/i)
    assert.match(maven, /SuppressWarnings/)
    const java = { ...task, ecosystem: 'maven' as const, package: 'com.acme:pad' }
    const feedback = { attempt: 1, end: 'done' as const }
    const first = renderTask(prompts, {
      task: java,
      update: { ...update, moves: [] },
      callSites: noCallSites,
      feedback,
    })
    assert.doesNotMatch(first, /node_modules|ts-ignore|lock files?|npm/i)
    const npm = systemPrompt(prompts, 'npm')
    assert.match(npm, /node_modules[\s\S]*ts-ignore[\s\S]*Lock files are not edited/)
    assert.doesNotMatch(npm, /POM|Maven|jars?\b/)
    for (const text of [maven, npm]) assert.match(text, /GiveUp: ends the work with your reason/)
  })

  it('puts another kind of task in its own words', () => {
    const { package: _p, requested: _r, ecosystem: _e, ...rest } = task
    const refactor = {
      ...rest,
      kind: 'refactor' as const,
      title: 'Use async',
      prompt: 'All callbacks become promises.',
    }
    const text = renderTask(prompts, { task: refactor, callSites: noCallSites })
    assert.match(text, /^# Use async\n\nAll callbacks become promises\./)
  })

  it('keeps the first request below 16 kB without the repository, and bounded with any', async () => {
    const model = await startModel({ agent: [{ text: 'a' }, { text: 'b' }] })
    const gateway = createGateway({
      connection: { apiKey: 'k', baseURL: model.url },
      budget: { usd: 5, wallClockMs: 10_000 },
      emit: () => {},
    })
    const long = 'x'.repeat(100_000)
    const sites = Array.from({ length: 5_000 }, (_, line) => ({
      path: 'src/a.js',
      line: line + 1,
      text: long.slice(0, 160),
    }))
    const texts = [
      renderTask(prompts, { task, update: { ...update, moves: [] }, callSites: noCallSites }),
      renderTask(prompts, {
        task,
        update: {
          ...update,
          moves: Array.from({ length: 500 }, (_, n) => ({ name: `package-${n}`, to: '1' })),
        },
        report: report(long),
        callSites: { sites, more: 0, cut: [], importers: [] },
        feedback: { attempt: 1, end: 'done', report: report(long), detail: long },
      }),
    ]
    for (const [index, content] of texts.entries()) {
      const run = gateway.openRun({
        runId: 'r',
        attempt: 1,
        model: 'claude-sonnet-5-5',
        system: systemPrompt(prompts, 'npm'),
        maxTurns: 1,
        maxTokensCap: 16_000,
        signal: new AbortController().signal,
      })
      const body = { max_tokens: 16_000, messages: [{ role: 'user', content }] }
      const envelope = { v: 1, runId: 'r', seq: 1, type: 'messages.create', body }
      const answer = await run.handle(Buffer.from(JSON.stringify(envelope)), new AbortController().signal)
      assert.equal(answer.status, 200)
      assert.ok((model.requests[index]?.bytes ?? Number.NaN) < (index === 0 ? 16_000 : 30_000))
    }
    await model.close()
  })
})
