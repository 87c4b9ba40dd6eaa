import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { Report, RunRole, Step, TestResult } from '../../contract/report.ts'
import type { Settings } from '../../contract/settings.ts'
import type { Container, ExecResult, Image, Sandbox, SealedWorkspace } from '../docker/sandbox.ts'
import type { Check, CheckScope, Ecosystem, Project } from '../ecosystems/ecosystem.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { BareRepository } from '../git/repository.ts'
import type { Artifacts } from '../log/emit.ts'
import { engineFault } from './lost.ts'
import { failedReport, isFull, placeOverlay, planOverlay, WORKSPACE } from './workspace.ts'

export interface VerifyContext {
  readonly sandbox: Sandbox
  readonly repository: BareRepository
  readonly ecosystem: Ecosystem
  readonly artifacts: Artifacts
  readonly settings: Pick<Settings, 'verifyTimeoutMs'>
  readonly progress: (message: string, done?: number, total?: number) => void
  readonly signal: AbortSignal
}

export interface VerifyRequest {
  readonly role: RunRole
  /** What `prepare` made: its workspace, image, and the tree that lies in it. */
  readonly prepared: { readonly workspace: SealedWorkspace; readonly image: Image; readonly tree: string }
  readonly project: Project
  /** Tree of the base commit: commands and scripts come from it. */
  readonly baseTree: string
  /** Tree to verify; the prepared one where undefined. */
  readonly patchedTree?: string
  /** `patched` runs the patch's own scripts, which only the first half of the double check wants. */
  readonly scripts?: 'base' | 'patched'
  readonly scope?: CheckScope
}

const limits = { outputBytes: 8 * 1024 * 1024, resultBytes: 64 * 1024 * 1024, summaryChars: 6_000 } as const

/**
 * Builds, tests and lints a tree in a fresh container over a fresh workspace. What goes wrong inside is a report with
 * words; throws `cancelled`, and
 * `engine-lost` or `engine-refused` where the engine is at fault: that says nothing of the tree.
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
    const { message, next } = toFailure(error)
    return failedReport(request.role, `${message} ${next}`)
  }
}

async function run(context: VerifyContext, request: VerifyRequest): Promise<Report> {
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
  const workspace = await sandbox.workspace(prepared.workspace)
  try {
    const container = await sandbox.start({ kind: 'project', image: prepared.image, workspace }, signal)
    try {
      await placeOverlay(container, repository, overlay, signal)
      const { steps, tests, notes, setupError } = await runChecks(context, container, checks)
      return {
        role,
        steps,
        tests: [...(tests ?? [])],
        testsNamed: tests !== undefined,
        ok: steps.length === checks.length && steps.every(({ exitCode }) => exitCode === 0),
        ...(setupError === undefined ? {} : { setupError }),
        notes: [...overlay.notes, ...notes],
      }
    } finally {
      await container.remove()
    }
  } finally {
    await workspace.dispose()
  }
}

interface Findings {
  readonly steps: Step[]
  readonly tests: readonly TestResult[] | undefined
  readonly notes: string[]
  readonly setupError?: string
}

/** Runs the checks in turn, all of them even where one fails, until time is up or the container is gone. */
async function runChecks(
  context: VerifyContext,
  container: Container,
  checks: readonly Check[],
): Promise<Findings> {
  const ends = performance.now() + context.settings.verifyTimeoutMs
  const steps: Step[] = []
  const notes: string[] = []
  let tests: readonly TestResult[] | undefined
  for (const [index, check] of checks.entries()) {
    context.progress(check.display, index, checks.length)
    const result = await runCheck(context, container, check, Math.max(1, ends - performance.now()))
    if (context.signal.aborted) throw failures.cancelled()
    steps.push(await stepOf(context, check, result))
    if (result.exitCode === null) {
      notes.push(`\`${check.display}\` ${endedBy(result)}; nothing could run after it.`)
      break
    }
    if (result.exitCode !== 0 && (await isFull(container))) {
      return { steps, tests, notes, setupError: `The workspace is full after \`${check.display}\`.` }
    }
    const last = checks[index + 1]?.results !== check.results
    if (check.step === 'test' && last) tests = await readResults(context, container, check)
  }
  const tested = steps.some(({ name }) => name === 'test')
  if (tested && tests === undefined) notes.push('No reporter named the tests: only exit codes count.')
  return { steps, tests, notes }
}

function endedBy({ timedOut, outOfMemory }: ExecResult): string {
  if (timedOut) return 'did not end in time'
  return outOfMemory ? 'ran out of memory' : 'was ended by a signal'
}

function runCheck(
  context: VerifyContext,
  container: Container,
  { argv, env }: Check,
  timeoutMs: number,
): Promise<ExecResult> {
  const { signal } = context
  return container.exec(argv, { cwd: WORKSPACE, env, timeoutMs, maxOutputBytes: limits.outputBytes, signal })
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
    ...(counts === undefined ? {} : { counts }),
    ...(summary === undefined
      ? {}
      : { summary: { ...summary, text: summary.text.slice(0, limits.summaryChars) } }),
  }
}

/** The reporters' regular files, as one: each of their lines stands for itself. */
async function readResults(
  { ecosystem, signal }: VerifyContext,
  container: Container,
  { results }: Check,
): Promise<readonly TestResult[] | undefined> {
  if (results === undefined) return undefined
  const find = ['/usr/bin/find', results, '-maxdepth', '1', '-type', 'f', '-name', '*.jsonl']
  const { output } = await container.exec([...find, '-exec', '/bin/cat', '--', '{}', '+'], {
    cwd: '/',
    timeoutMs: 60_000,
    maxOutputBytes: limits.resultBytes,
    signal,
  })
  return ecosystem.results(new Map([[results, output]]))
}
