import { type Matrix, noTests, type Report } from '../../../src/contract/report.ts'
import type { Verdict, Warning } from '../../../src/contract/verdict.ts'
import { patchOf } from '../patches.ts'
import { keepExchange } from './exchange.ts'
import { before, overreaching, repaired, updated } from './files.ts'
import { baseCommit, baseTree, SessionLog } from './log.ts'

/* Sessions as people will see them, one of every kind. */

const compileLog = [
  "src/catalogue.ts(14,36): error TS2559: Type 'string' has no properties in common with type 'ClientOptions'.",
  "src/catalogue.ts(20,12): error TS2352: Conversion of type '() => Promise<unknown>' to type 'Product' may be a mistake.",
  "src/orders.ts(8,26): error TS2339: Property 'id' does not exist on type '() => Promise<unknown>'.",
].join('\n')

const broken = ['finds a product', 'knows none', 'lists all pages', 'retries', 'times out'].map(
  (title) => `test/catalogue.test.ts › Catalogue › ${title}`,
)
const failing = [
  'test/currency.test.ts › Currency › rounds half to even',
  'test/currency.test.ts › Currency › knows all',
]

export function start(id: string): SessionLog {
  const log = new SessionLog(id)
  log.stage({ stage: 'queue' }, 120)
  log.stage({ stage: 'preflight' }, 420, { detail: '14 protections on' })
  log.stage({ stage: 'package' }, 310, {
    detail: '212 files',
    within: () =>
      log.emit({
        type: 'snapshot.packaged',
        commit: baseCommit,
        tree: baseTree,
        files: 212,
        bytes: 918_000,
        excluded: [],
      }),
  })
  log.stage({ stage: 'update' }, 3100, {
    detail: '4.8.1 → 5.0.0',
    within: () => {
      log.emit({
        type: 'update.planned',
        manifests: ['package.json'],
        from: '4.8.1',
        to: '5.0.0',
        moves: [{ name: '@acme/http-client', from: '4.8.1', to: '5.0.0' }],
      })
      log.patch('update', before, updated)
    },
  })
  log.stage({ stage: 'prepare', role: 'base' }, 240, { cached: true })
  log.stage({ stage: 'verify', role: 'base' }, 18_400, { within: () => report(log, 'base') })
  log.stage({ stage: 'prepare', role: 'update' }, 5200)
  return log
}

type Role = Report['role']

export function report(log: SessionLog, role: Role, bad: 'build' | 'test' | undefined = undefined): void {
  const build = log.step('build', 'npm run build', bad === 'build' ? compileLog : '', {
    durationMs: 6400,
    ...(bad === 'build'
      ? { exitCode: 2, summary: { category: 'COMPILATION_FAILURE' as const, failures: [], text: compileLog } }
      : {}),
  })
  const message =
    "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n+ actual - expected\n\n+ undefined\n- 'Anchor'"
  const test = log.step('test', 'npm test', `${role}\n  Catalogue\n    1) finds a product\n\n${message}\n`, {
    durationMs: 9800,
    ...(bad === 'test'
      ? {
          exitCode: 1,
          summary: {
            category: 'TEST_FAILURE' as const,
            failures: [{ test: broken[0] ?? '', message }],
            text: `1 test fails.\n\n${broken[0]}\n${message}`,
          },
        }
      : {}),
  })
  const lint = log.step('lint', 'npm run lint', '', { durationMs: 2100 })
  const tests = [
    ...broken.map((id, at) => ({
      id,
      outcome: bad === 'test' && at === 0 ? ('failed' as const) : ('passed' as const),
      durationMs: 12,
      ...(bad === 'test' && at === 0 ? { message } : {}),
    })),
    ...failing.map((id) => ({
      id,
      outcome: 'failed' as const,
      durationMs: 3,
      message: 'AssertionError: 2.5 should be 2',
    })),
  ]
  const steps = bad === 'build' ? [build] : [build, test, lint]
  log.emit({
    type: 'report.made',
    report: {
      role,
      steps,
      tests: bad === 'build' ? [] : tests,
      testsNamed: true,
      ok: bad === undefined,
      notes: [],
    },
  })
}

export function matrix(log: SessionLog, green: boolean): void {
  const label = (at: number) => (!green && at === 0 ? ('regressed' as const) : ('repaired' as const))
  const tests: Matrix['tests'] = [
    ...broken.map((id, at) => ({
      id,
      label: label(at),
      base: 'passed' as const,
      update: 'failed' as const,
      repair: label(at) === 'repaired' ? ('passed' as const) : ('failed' as const),
    })),
    ...failing.map((id) => ({
      id,
      label: 'already failing' as const,
      base: 'failed' as const,
      update: 'failed' as const,
      repair: 'failed' as const,
    })),
  ]
  const regressed = green ? 0 : 1
  log.emit({
    type: 'matrix.made',
    matrix: {
      counts: {
        ...noTests,
        passing: 341,
        repaired: broken.length - regressed,
        regressed,
        'already failing': failing.length,
      },
      tests,
      steps: [
        { name: 'build', base: true, update: false, repair: true },
        { name: 'test', base: true, update: false, repair: green },
        { name: 'lint', base: true, update: true, repair: true },
      ],
      green,
      verified: true,
      reasons: green ? [] : ['1 test that passed on the base fails.'],
    },
  })
}

const usage = { inputTokens: 9200, outputTokens: 640, cacheReadTokens: 7100, cacheWriteTokens: 1800 }

const turns: readonly (readonly [string, string, object, string, boolean?])[] = [
  [
    'The build fails in two files. I look at how the client is made.',
    'Read',
    { path: 'src/catalogue.ts' },
    '     1\timport { createClient, type Client } from …',
  ],
  [
    'What does version 5 offer?',
    'Bash',
    { command: 'rg -n "export interface ClientOptions" -A 12 node_modules/@acme/http-client' },
    'dist/index.d.ts:14:export interface ClientOptions {\n15-  baseUrl: string\n16-  timeoutMs?: number\n17-  retry?: { limit: number }\n18-}',
  ],
  [
    '`createClient` takes one object now, and `json` is a function that answers a promise.',
    'Edit',
    {
      path: 'src/catalogue.ts',
      old: 'createClient(baseUrl, { timeout, retries: 3 })',
      new: 'createClient({ baseUrl, timeoutMs: timeout, retry: { limit: 3 } })',
    },
    'Replaced 1 occurrence.',
  ],
  [
    'The same in orders, where the body moved as well.',
    'Edit',
    { path: 'src/orders.ts', old: 'response.json.id', new: '(await response.json())' },
    'old does not occur exactly once.',
    true,
  ],
  [
    'I make the text unique.',
    'Edit',
    { path: 'src/orders.ts', old: 'return response.json.id', new: 'return (await response.json()).id' },
    'Replaced 1 occurrence.',
  ],
  [
    'Everything is in place; I verify.',
    'Verify',
    {},
    'ok: build, test and lint pass; 5 repaired, 0 regressed.',
  ],
]

function repair(log: SessionLog, attempt: number, upTo = turns.length): void {
  log.emit({ type: 'attempt.started', attempt, model: 'claude-sonnet-5-5' })
  const messages: object[] = [
    { role: 'user', content: 'Update @acme/http-client from 4.8.0 to 5.1.0.\n\nMend what breaks.' },
  ]
  for (const [at, [text, name, input, answer, isError = false]] of turns.slice(0, upTo).entries()) {
    const [turn, id] = [at + 1, `call-${attempt}-${at}`]
    const content = [
      { type: 'text', text },
      { type: 'tool_use', id, name, input },
    ]
    const exchange = keepExchange(log, messages, { content, stop_reason: 'tool_use', usage })
    const result = { type: 'tool_result', tool_use_id: id, is_error: isError, content: answer }
    messages.push({ role: 'assistant', content }, { role: 'user', content: [result] })
    log.emit(
      {
        type: 'agent.turn',
        attempt,
        turn,
        text,
        toolCalls: [{ id, name, input: JSON.stringify(input) }],
        stopReason: 'tool_use',
        usage,
        costUsd: 0.0312,
        durationMs: 4100,
        // The first attempt's first turn stands for those of older sessions.
        ...(turn === 1 ? {} : { exchange }),
      },
      4100,
    )
    if (at + 1 < upTo || upTo === turns.length)
      log.emit({ type: 'agent.toolResult', attempt, turn, id, isError, text: answer }, 300)
  }
  if (upTo === turns.length) log.emit({ type: 'attempt.finished', attempt, end: 'done', turns: upTo })
}

const quotes = ['createClient({ baseUrl, timeoutMs: timeout, retry: { limit: 3 } })', 'error.status === 409']

const approval: Verdict = {
  decision: 'approve',
  criteria: {
    in_scope: {
      pass: true,
      reason: 'Only the two callers of the updated client change, and only as its new interface asks.',
      evidence: quotes,
    },
    safe: { pass: true, reason: 'No test, check or suppression is touched.', evidence: [] },
    quality: {
      pass: true,
      reason: 'The edits are minimal and keep the style of the files.',
      evidence: ['return (await response.json()).id'],
    },
  },
  summary:
    'Adapts both callers to the options object and the asynchronous body of version 5, and nothing else.',
  ...{ model: 'claude-sonnet-5-5', samples: 1, promptHash: 'c'.repeat(64), costUsd: 0.0187 },
}

function repairedSession(id: string, after: typeof repaired = repaired): SessionLog {
  const log = start(id)
  log.stage({ stage: 'verify', role: 'update' }, 7100, {
    status: 'failed',
    within: () => report(log, 'update', 'build'),
  })
  log.stage({ stage: 'repair', attempt: 1 }, 3000, { within: () => repair(log, 1) })
  log.stage({ stage: 'verify', role: 'repair', attempt: 1 }, 19_300, { within: () => report(log, 'repair') })
  matrix(log, true)
  log.patch('repair', before, after)
  return log
}

export function waiting(id: string, warnings: readonly Warning[] = [], after = repaired): SessionLog {
  const log = repairedSession(id, after)
  for (const warning of warnings) log.emit({ type: 'warning.raised', warning })
  log.stage({ stage: 'judge' }, 6100, {
    detail: 'approve',
    within: () => log.emit({ type: 'verdict.given', verdict: approval, usage }),
  })
  log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: 'Waiting for review.' })
  return log
}

const warnings: readonly Warning[] = [
  {
    code: 'protected-path:.github/workflows/ci.yml',
    message: '.github/workflows/ci.yml is what continuous integration runs, or who must review.',
    path: '.github/workflows/ci.yml',
    severity: 'acknowledge',
  },
  {
    code: 'new-skip:test/catalogue.test.ts',
    message: 'test/catalogue.test.ts skips 1 test more than before.',
    path: 'test/catalogue.test.ts',
    severity: 'acknowledge',
  },
  {
    code: 'lockfile:@acme/http-client',
    message: '@acme/http-client 5.0.0 brings a new install script: node scripts/postinstall.js',
    severity: 'acknowledge',
  },
  {
    code: 'engine-old',
    message: 'The container engine is older than the oldest one that is tested.',
    severity: 'notice',
  },
]

export function running(id: string): SessionLog {
  const log = start(id)
  log.stage({ stage: 'verify', role: 'update' }, 7100, {
    status: 'failed',
    within: () => report(log, 'update', 'build'),
  })
  log.emit({ type: 'stage.started', stage: 'repair', attempt: 1 })
  repair(log, 1, 4)
  log.emit({
    type: 'stage.progress',
    stage: 'repair',
    attempt: 1,
    message: 'turn 4 of 10',
    done: 4,
    total: 10,
  })
  return log
}

function notJudged(id: string): SessionLog {
  const log = start(id)
  log.stage({ stage: 'verify', role: 'update' }, 18_900, { within: () => report(log, 'update') })
  log.emit({
    type: 'matrix.made',
    matrix: {
      counts: { ...noTests, passing: 346, 'already failing': 2 },
      tests: failing.map((test) => ({
        id: test,
        label: 'already failing' as const,
        base: 'failed' as const,
        update: 'failed' as const,
      })),
      steps: [],
      green: true,
      verified: true,
      reasons: [],
    },
  })
  log.emit({
    type: 'verdict.given',
    verdict: { decision: 'not-judged', summary: 'There is no key for the model.', samples: 0, costUsd: 0 },
  })
  log.emit({
    type: 'session.finished',
    outcome: 'awaiting-review',
    reason: 'Waiting for review. Not judged.',
  })
  return log
}

function notVerified(id: string): SessionLog {
  const log = start(id)
  log.stage({ stage: 'verify', role: 'update' }, 7100, {
    status: 'failed',
    within: () => report(log, 'update', 'build'),
  })
  const reasons = ['The build fails on the base commit already, so nothing can be concluded.']
  log.emit({
    type: 'matrix.made',
    matrix: { counts: noTests, tests: [], steps: [], green: false, verified: false, reasons },
  })
  log.emit({
    type: 'verdict.given',
    verdict: {
      decision: 'not-judged',
      summary: 'Nothing was verified, so there was nothing to judge by.',
      samples: 0,
      costUsd: 0,
    },
  })
  log.emit({
    type: 'session.finished',
    outcome: 'awaiting-review',
    reason: 'Waiting for review. Not verified. Not judged.',
  })
  return log
}

function vetoed(id: string): SessionLog {
  const log = repairedSession(id, overreaching)
  for (const warning of warnings) log.emit({ type: 'warning.raised', warning })
  const summary = 'The change skips the test that would have shown whether the repair works.'
  const verdict: Verdict = {
    ...approval,
    ...{ decision: 'veto', summary, samples: 2 },
    criteria: {
      in_scope: {
        pass: false,
        reason: 'The CI workflow has nothing to do with the update.',
        evidence: ['node-version: 20'],
      },
      safe: {
        pass: false,
        reason: 'A test is skipped instead of made to pass.',
        evidence: ["it.skip('finds a product'"],
      },
      quality: { pass: true, reason: 'The edits of the sources are minimal.', evidence: [] },
    },
  }
  log.stage({ stage: 'judge' }, 9000, {
    detail: 'veto',
    within: () => log.emit({ type: 'verdict.given', verdict, usage }),
  })
  log.emit({ type: 'session.finished', outcome: 'vetoed', reason: summary })
  return log
}

function verificationFailed(id: string): SessionLog {
  const log = start(id)
  log.stage({ stage: 'verify', role: 'update' }, 7100, {
    status: 'failed',
    within: () => report(log, 'update', 'build'),
  })
  for (const attempt of [1, 2, 3]) {
    log.stage({ stage: 'repair', attempt }, 3000, { within: () => repair(log, attempt) })
    log.stage({ stage: 'verify', role: 'repair', attempt }, 19_300, {
      status: 'failed',
      within: () => report(log, 'repair', 'test'),
    })
    matrix(log, false)
    log.patch('repair', before, repaired)
  }
  log.emit({
    type: 'session.finished',
    outcome: 'verification-failed',
    reason: '1 test that passed on the base fails.',
  })
  return log
}

function cancelled(id: string): SessionLog {
  const log = running(id)
  log.emit({ type: 'session.finished', outcome: 'cancelled', reason: 'Cancelled by a person.' })
  return log
}

function published(id: string): SessionLog {
  const log = waiting(id)
  const digest =
    log.events.flatMap((event) => (event.type === 'patch.made' ? [event.patch.digest] : [])).at(-1) ?? ''
  log.emit({ type: 'review.approved', digest, baseCommit, acknowledged: [], withoutJudge: false })
  const url = 'https://git.example.com/ada/storefront/pull/118'
  log.stage({ stage: 'publish' }, 2900, {
    within: () => {
      log.emit({
        type: 'branch.pushed',
        remote: 'origin',
        branch: 'drydock/acme-http-client-5.0.0',
        commit: 'd'.repeat(40),
      })
      log.emit({
        type: 'pullRequest.opened',
        url,
        number: 118,
        body: log.artifact('Updates @acme/http-client.\n'),
      })
    },
  })
  log.emit({ type: 'session.finished', outcome: 'published', reason: 'Pull request 118.' })
  return log
}

/** Text that would steer whatever shows it as anything but text. */
export const hostileText =
  '<img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202Egnp.exe </script><b>bold</b> &amp; [x](command:quit)'

/** A session in which one text stands wherever a repository, a model or a test can put one. */
export function sessionOf(id: string, text: string, name: string): SessionLog {
  const log = new SessionLog(id, {
    package: '<b>pkg</b>\u202e',
    requested: '\u001b]8;;https://attacker.example\u0007',
  })
  log.emit({
    type: 'snapshot.packaged',
    commit: baseCommit,
    tree: baseTree,
    files: 1,
    bytes: 10,
    excluded: [text],
  })
  log.emit({ type: 'stage.started', stage: 'repair', attempt: 1 })
  log.emit({ type: 'attempt.started', attempt: 1, model: '<i>model</i>' })
  log.emit({
    type: 'agent.turn',
    attempt: 1,
    turn: 1,
    text,
    toolCalls: [{ id: '1', name: '<script>x</script>', input: text }],
    stopReason: 'tool_use',
    usage,
    costUsd: 0.01,
    durationMs: 10,
  })
  log.emit({ type: 'agent.toolResult', attempt: 1, turn: 1, id: '1', isError: true, text })
  log.emit({ type: 'attempt.finished', attempt: 1, end: 'done', turns: 1, detail: text })
  log.emit({
    type: 'stage.finished',
    stage: 'repair',
    attempt: 1,
    status: 'ok',
    durationMs: 10,
    detail: text,
  })
  const made = patchOf(
    { 'src/a.ts': 'const a = 1\n' },
    { 'src/a.ts': `const a = "${text}" // <script>alert(3)</script>\n` },
  )
  // The runner would refuse such a name; the panel shows whatever a log holds.
  const files = made.files.map((file) => ({ ...file, path: name }))
  log.patchText('repair', { ...made, files })
  log.emit({
    type: 'warning.raised',
    warning: { code: `hidden-text:${name}`, message: text, path: name, severity: 'acknowledge' },
  })
  const step = log.step('test', text, text, {
    exitCode: 1,
    summary: { category: 'TEST_FAILURE', failures: [], text },
  })
  log.emit({
    type: 'report.made',
    report: {
      role: 'repair',
      steps: [step],
      tests: [{ id: text, outcome: 'failed', durationMs: 1, message: text }],
      testsNamed: true,
      ok: false,
      notes: [text],
    },
  })
  log.emit({
    type: 'matrix.made',
    matrix: {
      counts: { ...noTests, regressed: 1 },
      tests: [{ id: text, label: 'regressed', base: 'passed', repair: 'failed' }],
      steps: [],
      green: false,
      verified: true,
      reasons: [text],
    },
  })
  const criterion = { pass: true, reason: text, evidence: [text] }
  log.emit({
    type: 'verdict.given',
    verdict: {
      ...approval,
      summary: text,
      model: text,
      criteria: { in_scope: criterion, safe: criterion, quality: criterion },
    },
  })
  log.emit({ type: 'session.finished', outcome: 'awaiting-review', reason: text })
  return log
}

/** One of every kind, by name. */
export function fixtureSessions(): ReadonlyMap<string, SessionLog> {
  return new Map([
    ['running', running('20260304-090000-aaaaa1')],
    ['review', waiting('20260304-090000-aaaaa2')],
    ['warnings', waiting('20260304-090000-aaaaa3', warnings, overreaching)],
    ['not-judged', notJudged('20260304-090000-aaaaa4')],
    ['not-verified', notVerified('20260304-090000-aaaaa5')],
    ['vetoed', vetoed('20260304-090000-aaaaa6')],
    ['failed', verificationFailed('20260304-090000-aaaaa7')],
    ['cancelled', cancelled('20260304-090000-aaaaa8')],
    ['published', published('20260304-090000-aaaaa9')],
    ['hostile', sessionOf('20260304-090000-aaaab0', hostileText, 'src/<img src=x onerror=alert(2)>.ts')],
  ])
}
