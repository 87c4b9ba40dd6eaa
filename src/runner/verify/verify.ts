import { DrydockError, toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Report, RunRole, Step, TestResult } from '../../contract/report.ts'
import type { Settings } from '../../contract/settings.ts'
import type { Warning } from '../../contract/verdict.ts'
import { workspacePath } from '../../contract/workspace.ts'
import type { Artifacts } from '../../store/emit.ts'
import { isDiskFull } from '../../store/files.ts'
import { engineFault } from '../docker/lost.ts'
import type { Container, ExecResult, Image, Sandbox, SealedWorkspace } from '../docker/sandbox.ts'
import { inWorkspace } from '../docker/using.ts'
import type { Check } from '../ecosystems/check.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Project } from '../ecosystems/project.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { BareRepository } from '../git/repository.ts'
import { withCauses } from './causes.ts'
import { chainAfter, type Division, planned } from './chain.ts'
import { byClock, clockEnv } from './clock.ts'
import { differenceNotes, dividedNote, endedNote, leftOutNotes } from './notes.ts'
import { type Probe, probed } from './probe.ts'
import { failedReport, isFull, placeOverlay, planOverlay } from './workspace.ts'

export interface VerifyContext {
  readonly sandbox: Sandbox
  readonly repository: BareRepository
  readonly ecosystem: Ecosystem
  readonly artifacts: Artifacts
  readonly settings: Pick<Settings, 'verifyTimeoutMs'>
  readonly progress: (message: string, done?: number, total?: number) => void
  readonly signal: AbortSignal
}

export interface VerifyRequest extends Division {
  readonly role: RunRole
  /** What `prepare` made: its workspace, image, the tree that lies in it, and what was to be said of it. */
  readonly prepared: {
    readonly workspace: SealedWorkspace
    readonly image: Image
    readonly tree: string
    readonly warnings?: readonly Warning[]
  }
  readonly project: Project
  /** Tree of the base commit: commands and scripts come from it. */
  readonly baseTree: string
  /** Tree to verify; the prepared one where undefined. */
  readonly patchedTree?: string
  /** `patched` runs the patch's own scripts, which only the first half of the double check wants. */
  readonly scripts?: 'base' | 'patched'
  /** When the commit was made, UTC: what the clock of the base's tests is set to where they meet an expired date. */
  readonly committed?: string
  /** The clock of the tests, as the base's run set it. */
  readonly clock?: string
  /** Paths that the repository has and the workspace has not. */
  readonly excluded?: readonly string[]
  /** The same once more, to see what is not the same twice: what depends on a process id should differ, too. */
  readonly again?: true
  /** What is to be seen of the checks while they run. */
  readonly probe?: Probe
}

const limits = { outputBytes: 8 * 1024 * 1024, resultBytes: 64 * 1024 * 1024, summaryChars: 6_000 } as const

/**
 * Builds, tests and lints a tree in a fresh container over a fresh workspace. What goes wrong inside is a report with
 * words; throws `cancelled`, and `engine-lost`, `engine-refused` or `disk-full` where the machine is at fault: that says
 * nothing of the tree.
 */
export async function verify(context: VerifyContext, request: VerifyRequest): Promise<Report> {
  const { signal } = context
  if (signal.aborted) throw failures.cancelled()
  try {
    return await run(context, request)
  } catch (error) {
    if (signal.aborted) throw failures.cancelled()
    const fault = engineFault(error)
    if (fault !== undefined) throw fault
    if (isOutOfRoom(error)) throw error
    const { message, next } = toFailure(error)
    return failedReport(request.role, `${message} ${next}`)
  }
}

/** On this machine or the engine's disk; a workspace that a check filled is said in its report. */
function isOutOfRoom(error: unknown): boolean {
  return isDiskFull(error) || (error instanceof DrydockError && error.failure.code === 'disk-full')
}

async function run(context: VerifyContext, request: VerifyRequest): Promise<Report> {
  const { committed, role } = request
  const { report, expired } = await once(context, request)
  if (role !== 'base' || committed === undefined || !expired) return report
  context.progress('running the tests again with the clock of the commit')
  return byClock(report, (await once(context, { ...request, clock: committed })).report, committed)
}

async function once(
  context: VerifyContext,
  request: VerifyRequest,
): Promise<{ readonly report: Report; readonly expired: boolean }> {
  const { sandbox, repository, ecosystem, signal } = context
  const { prepared, project, baseTree, role } = request
  const wanted = request.patchedTree ?? prepared.tree
  const own = request.scripts === 'patched'
  const overlay = await planOverlay(repository, ecosystem, {
    prepared: prepared.tree,
    wanted,
    project,
    ...(own ? {} : { scripts: baseTree }),
  })
  const view = await treeView(repository, own ? wanted : baseTree)
  const checks = await ecosystem.checks(view, project, request.scope ?? {})
  const image = await imageFor(context, request)
  return await inWorkspace(sandbox, image, prepared.workspace, signal, async (container) => {
    await placeOverlay(container, repository, overlay, signal)
    if (request.again === true) await moveProcessIds(container, signal)
    const found = await runChecks(context, container, project, checks, request)
    await probed(container, request.probe, signal)
    const report = reportOf(role, project, overlay.notes, found, request.clock)
    return { report: { ...report, image: image.digest }, expired: found.expired }
  })
}

/** A container counts its processes from one: two runs of the same commands have the same ids, unless others came before. */
async function moveProcessIds(container: Container, signal: AbortSignal): Promise<void> {
  const forks = 'i=0; while [ $i -lt 97 ]; do (:); i=$((i + 1)); done'
  await container.exec(['/bin/sh', '-c', forks], {
    cwd: '/',
    timeoutMs: 60_000,
    maxOutputBytes: 1024,
    signal,
  })
}

/** The prepared image, or the one on top of it whose clock can be set. */
async function imageFor(context: VerifyContext, { prepared, clock }: VerifyRequest): Promise<Image> {
  const { need } = prepared.image
  if (clock === undefined || need.major === undefined) return prepared.image
  return await context.sandbox.image(
    { ...need, clock: true },
    (message) => context.progress(message),
    context.signal,
  )
}

function reportOf(
  role: RunRole,
  { toolchain }: Project,
  before: readonly string[],
  { steps, tests, unnamed, notes, setupError, split, all }: Findings,
  clock: string | undefined,
): Report {
  return {
    role,
    steps,
    tests: [...withCauses(tests ?? [], steps)],
    testsNamed: tests !== undefined,
    ...(unnamed.length === 0 ? {} : { unnamed: [...unnamed] }),
    ...(split.length === 0 ? {} : { split }),
    ...(toolchain === undefined ? {} : { toolchain }),
    ...(clock === undefined ? {} : { clock }),
    ok: all && steps.every(({ exitCode }) => exitCode === 0),
    ...(setupError === undefined ? {} : { setupError }),
    notes: [...before, ...notes],
  }
}

interface Findings {
  readonly steps: Step[]
  readonly tests: readonly TestResult[] | undefined
  readonly unnamed: readonly string[]
  readonly notes: string[]
  readonly split: string[]
  /** Every check was run. */
  readonly all: boolean
  /** A failing test says that a certificate or a date has expired. */
  readonly expired: boolean
  readonly setupError?: string
}

/** Runs the checks in turn, all of them even where one fails, until time is up or the container is gone. */
async function runChecks(
  context: VerifyContext,
  container: Container,
  project: Project,
  checks: readonly Check[],
  request: Pick<VerifyRequest, 'role' | 'split' | 'scope' | 'clock' | 'excluded' | 'prepared' | 'probe'>,
): Promise<Findings> {
  const ends = performance.now() + context.settings.verifyTimeoutMs
  const found = { steps: [] as Step[], notes: [] as string[], split: [] as string[], expired: false }
  const { steps, notes, split } = found
  const queue = checks.flatMap((check) => planned(check, request, found))
  const tested: Tested[] = []
  let named: Named = { tests: undefined, unnamed: [] }
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    context.progress(check.display, steps.length, steps.length + queue.length + 1)
    const timed =
      request.clock === undefined || check.step !== 'test' ? check : withClock(check, request.clock)
    const seen = { ...timed, env: { ...timed.env, ...request.probe?.env } }
    const result = await runCheck(context, container, seen, Math.max(1, ends - performance.now()))
    if (context.signal.aborted) throw failures.cancelled()
    const chain = chainAfter(check, result, request)
    if (chain !== undefined) {
      notes.push(dividedNote(check.display, chain))
      split.push(check.display)
      queue.unshift(...chain.checks)
      if (chain.beside !== true) continue
    }
    const step = await stepOf(context, check, result)
    steps.push(step)
    if (request.role === 'base' && result.exitCode !== 0) {
      const difference = differenceNotes(check, result, step.summary?.text, request.excluded)
      notes.push(...difference.notes, ...leftOutNotes(check, request.prepared.warnings ?? []))
      found.expired ||= difference.expired
    }
    if (result.exitCode === null) {
      notes.push(endedNote(check.display, result))
      return { ...found, ...named, all: false }
    }
    if (result.exitCode !== 0 && (await isFull(container))) {
      const setupError = `The workspace is full after \`${check.display}\`.`
      return { ...found, ...named, all: false, setupError }
    }
    if (check.note !== undefined && !notes.includes(check.note)) notes.push(check.note)
    if (check.step !== 'test') continue
    tested.push({ check, log: result.output.toString('utf8') })
    const last = queue.every(({ results }) => results !== check.results)
    if (last) named = await readResults(context, container, project, tested)
  }
  if (tested.length > 0 && named.tests === undefined)
    notes.push('No reporter named the tests: only exit codes count.')
  return { ...found, ...named, all: true }
}

function withClock(check: Check, clock: string): Check {
  return { ...check, env: { ...check.env, ...clockEnv(clock) } }
}

function runCheck(
  context: VerifyContext,
  container: Container,
  { argv, env }: Check,
  timeoutMs: number,
): Promise<ExecResult> {
  const { signal } = context
  return container.exec(argv, {
    cwd: workspacePath,
    env,
    timeoutMs,
    maxOutputBytes: limits.outputBytes,
    signal,
  })
}

async function stepOf(
  { artifacts, ecosystem }: VerifyContext,
  check: Check,
  result: ExecResult,
): Promise<Step> {
  const { exitCode, timedOut, outOfMemory, durationMs, truncated, output } = result
  const log = await artifacts.put(output)
  const text = output.toString('utf8')
  const summary = exitCode === 0 ? undefined : ecosystem.summarise(check.step, text)
  const counts = check.step === 'test' ? ecosystem.counts?.(text) : undefined
  return {
    name: check.step,
    command: check.display,
    exitCode,
    timedOut,
    outOfMemory,
    durationMs,
    log,
    truncated,
    ...(check.derived === undefined ? {} : { derived: check.derived }),
    ...(check.syntaxOnly === undefined ? {} : { syntaxOnly: check.syntaxOnly }),
    ...(check.beside === undefined ? {} : { beside: check.beside }),
    ...(counts === undefined ? {} : { counts }),
    ...(summary === undefined
      ? {}
      : { summary: { ...summary, text: summary.text.slice(0, limits.summaryChars) } }),
  }
}

interface Tested {
  readonly check: Check
  readonly log: string
}

interface Named {
  readonly tests: readonly TestResult[] | undefined
  readonly unnamed: readonly string[]
}

/** The reporters' regular files, as one: each of their lines stands for itself, a document begins with its version. */
async function readResults(
  { ecosystem, signal }: VerifyContext,
  container: Container,
  project: Project,
  tested: readonly Tested[],
): Promise<Named> {
  const checks = tested.map(({ check }) => check)
  if (checks.length === 0) return { tests: undefined, unnamed: [] }
  const results = checks.at(-1)?.results
  const log = tested.map((one) => one.log).join('\n')
  const files = results === undefined ? new Map() : await reported(container, results, signal)
  const tests = ecosystem.results(files, log)
  return { tests, unnamed: ecosystem.unnamed?.(files, tests ?? [], project, checks) ?? [] }
}

async function reported(
  container: Container,
  results: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Buffer>> {
  const names = ['(', '-name', '*.jsonl', '-o', '-name', '*.tap', ')']
  const find = ['/usr/bin/find', results, '-maxdepth', '1', '-type', 'f', ...names]
  const { output } = await container.exec([...find, '-exec', '/bin/cat', '--', '{}', '+'], {
    cwd: '/',
    timeoutMs: 60_000,
    maxOutputBytes: limits.resultBytes,
    signal,
  })
  return new Map([[results, output]])
}
