import type { Account } from '../../contract/account.ts'
import { DrydockError, type Failure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { bounded } from '../../contract/text.ts'
import { serveRelay } from '../docker/serveRelay.ts'
import type { ReadJar } from '../repair/context/documents.ts'
import type { VerifyChange } from '../repair/handler.ts'
import {
  agentPromptHash,
  type Feedback,
  loadAgentPrompts,
  renderTask,
  systemPrompt,
} from '../repair/prompt.ts'
import { type Attempt, type PriorChange, repair } from '../repair/repair.ts'
import type { Run } from '../run.ts'
import { holds, matrix } from '../verify/matrix.ts'
import { advice } from './advice.ts'
import { checkArrivalAfter } from './arrival.ts'
import { withNames } from './baseline.ts'
import { type Candidate, makeChangeCandidate, patchOf, settleChange } from './candidate.ts'
import { checkTree } from './check.ts'
import type { Tried } from './codemod.ts'
import { inStage } from './inStage.ts'
import type { Planned } from './planned.ts'
import { jarReader } from './readJar.ts'
import type { RepairContext } from './repairContext.ts'
import { partOf } from './scope.ts'
import { adviseOnTests } from './secondCheck.ts'
import type { Work } from './start.ts'

/** What the attempts came to. */
export interface Repaired {
  /** The last change that could be checked; undefined where no attempt made one. */
  readonly candidate: Candidate | undefined
  readonly outcome: 'green' | 'verification-failed' | 'turn-limit' | 'cannot-repair'
  readonly reason: string
}

/** What the agent is told first, and what it is told where it asks. */
interface Known extends RepairContext {
  readonly readJar?: ReadJar
}

interface Try {
  readonly number: number
  /** Tree that the attempt starts from; the start's own for the first. */
  readonly from: string
  readonly feedback: Feedback | undefined
  /** What the attempts before it said of their work. */
  readonly accounts: readonly Account[]
}

/** What an agent is asked with. */
export interface Asked {
  readonly update: Planned | undefined
  readonly context: RepairContext
  /** A codemod that came before. */
  readonly tried?: Tried | undefined
}

/** Lets the agent try, each time from its last patch and with what was wrong with it, until the checks are green. */
export async function repairInAttempts(work: Work, { update, context, tried }: Asked): Promise<Repaired> {
  const { base } = work
  const { maxAttempts } = base.settings
  const readJar = jarReader(work)
  const known = { ...context, ...(readJar === undefined ? {} : { readJar }) }
  let candidate: Candidate | undefined
  let last: Attempt | undefined
  let next = afterCodemod(tried) ?? (await firstTry(work))
  const ofEarlier = next.accounts.length
  for (let number = 1; number <= maxAttempts; number += 1) {
    last = await makeAttempt(work, { update, known }, next)
    const accounts = withAccount(next.accounts, number, last)
    const made = await finalCheck(work, last, next)
    candidate = made.candidate ?? candidate
    if (made.candidate !== undefined && isGood(made.candidate)) {
      const told = { ...withDoubt(made.candidate, last), accounts: accounts.slice(ofEarlier) }
      return { candidate: told, outcome: 'green', reason: '' }
    }
    if (last.end === 'cannot-repair') return { candidate, outcome: 'cannot-repair', reason: said(last) }
    const from = made.candidate?.tree ?? next.from
    const feedback = { attempt: number, end: last.end, ...made.feedback }
    next = { number: number + 1, from, feedback, accounts }
  }
  if (last?.end === 'turn-limit') {
    return {
      candidate,
      outcome: 'turn-limit',
      reason: `Not repaired within ${maxAttempts} attempts of ${base.settings.maxTurns} turns.`,
    }
  }
  const why = [...(candidate?.objections ?? []), ...(candidate?.matrix.reasons ?? [])]
  return {
    candidate,
    outcome: 'verification-failed',
    reason: why.join(' ') || last?.detail || unchanged(last),
  }
}

function withAccount(before: readonly Account[], attempt: number, { account }: Attempt): readonly Account[] {
  return account === undefined ? before : [...before, { attempt, text: account }]
}

/** Characters of an account that a reason carries; the whole of it stands in the attempt. */
const reasonRoom = 400

function said({ account = '' }: Attempt): string {
  return `The agent says that this cannot be done: ${bounded(account.replaceAll(/\s+/g, ' '), reasonRoom)}`
}

function unchanged(last: Attempt | undefined): string {
  const words = last?.account?.replaceAll(/\s+/g, ' ')
  return words === undefined
    ? 'The agent changed nothing and said nothing of it.'
    : `The agent changed nothing. It says: ${bounded(words, reasonRoom)}`
}

/** Green checks against the agent's own word: a person has to look. */
function withDoubt(candidate: Candidate, last: Attempt): Candidate {
  if (last.end !== 'cannot-repair') return candidate
  const doubt = { code: 'agent-gave-up', message: said(last), severity: 'acknowledge' as const }
  return { ...candidate, warnings: [...candidate.warnings, doubt] }
}

/** A retry goes on from what the earlier session's agent left, where that still fits. */
async function firstTry({ run, base, start }: Work): Promise<Try> {
  const { prior, repository } = run
  if (prior === undefined) return { number: 1, from: start.tree, feedback: undefined, accounts: [] }
  const from =
    prior.patch === undefined
      ? start.tree
      : await repository.apply(base.snapshot.tree, prior.patch).catch(unlessRefused(start.tree))
  const detail = prior.said || 'It did not lead to a pull request.'
  const attempt = Math.max(1, prior.attempts)
  const { accounts } = prior
  return { number: 1, from, feedback: { attempt, end: 'reviewed', detail }, accounts }
}

/** An agent goes on from a codemod's change where that made nothing worse. */
function afterCodemod(tried: Tried | undefined): Try | undefined {
  if (tried?.candidate === undefined || tried.result !== 'partly') return undefined
  const { tree, report, matrix } = tried.candidate
  const detail = tried.detail === undefined ? {} : { detail: tried.detail }
  const feedback: Feedback = { attempt: 1, end: 'codemod', report, matrix, ...detail }
  return { number: 1, from: tree, feedback, accounts: [] }
}

function unlessRefused(instead: string): (error: unknown) => string {
  return (error) => {
    if (error instanceof DrydockError && error.failure.code === 'patch-refused') return instead
    throw error
  }
}

/** What the base's tests and configuration say against a green change is for a person to decide, not for another try. */
function isGood(candidate: Candidate): boolean {
  return holds(candidate.matrix) && candidate.objections.length === 0
}

interface Checked {
  readonly candidate?: Candidate
  readonly feedback: Pick<Feedback, 'report' | 'matrix' | 'detail'>
}

/** Checks what an attempt left; a patch that policy refuses is feedback, not the end. */
async function finalCheck(work: Work, last: Attempt, { number: attempt, from }: Try): Promise<Checked> {
  const { run, start } = work
  if (last.diff === '') return { feedback: { detail: last.detail ?? 'Nothing was changed.' } }
  try {
    const tree = await run.repository.apply(start.tree, last.diff)
    // What was checked before and given up now is not checked again.
    if (last.end === 'cannot-repair' && tree === from && attempt > 1) return { feedback: {} }
    const candidate = await makeChangeCandidate(work, tree, { role: 'repair', attempt })
    const { report, matrix, objections, baseSays } = candidate
    return { candidate, feedback: { report, matrix, detail: [...objections, ...baseSays].join('\n') } }
  } catch (error) {
    if (error instanceof DrydockError && ['patch-refused', 'install-failed'].includes(error.failure.code)) {
      return { feedback: { detail: [error.failure.message, error.failure.detail ?? ''].join('\n') } }
    }
    throw error
  }
}

/** Where the engine, and nothing that the agent did, ended an attempt. */
function engineFailure({ end, failure }: Attempt): Failure | undefined {
  return end === 'agent-error' ? failure : undefined
}

/** Ends that the agent did not come to by itself: somebody else broke it off. */
const brokenOff: ReadonlySet<Attempt['end']> = new Set(['model-error', 'agent-error', 'budget'])

async function makeAttempt(
  work: Work,
  { update, known }: { readonly update: Planned | undefined; readonly known: Known },
  { number, from, feedback, accounts }: Try,
): Promise<Attempt> {
  const { run, base, start } = work
  const { settings } = base
  const model =
    number === settings.maxAttempts ? (settings.lastAttemptModel ?? settings.model) : settings.model
  const prompts = await loadAgentPrompts(run.prompts)
  const prior = from === start.tree ? undefined : await priorChange(run, start.tree, from)
  const prompt = renderTask(prompts, {
    task: run.task,
    ...known,
    ...{ report: start.update, base: start.base },
    ...(start.found === undefined ? {} : { matrix: start.found }),
    ...(update === undefined ? {} : { update: update.plan }),
    ...(feedback === undefined ? {} : { feedback: { ...feedback, accounts, left: prior ?? nothingLeft } }),
  })
  const image = await run.sandbox.image({ kind: 'agent' }, () => {}, run.signal)
  const once = (): Promise<Attempt> =>
    inStage(
      run,
      { stage: 'repair', attempt: number },
      () =>
        repair(
          {
            sandbox: run.sandbox,
            serveRelay,
            gateway: run.gateway,
            emit: run.log.emit,
            limits: settings,
            verify: advisory(work, number),
            signal: run.signal,
          },
          {
            attempt: number,
            model,
            promptHash: agentPromptHash(prompts, base.ecosystem.id),
            image,
            sealed: start.prepared.workspace,
            tree: start.prepared.tree,
            system: systemPrompt(prompts, base.ecosystem.id),
            prompt,
            ...(prior === undefined ? {} : { prior }),
            ...(known.release === undefined ? {} : { release: known.release }),
            ...(known.readJar === undefined ? {} : { readJar: known.readJar }),
          },
        ),
      ({ end, turns }) => ({
        detail: `${end} after ${turns} ${turns === 1 ? 'turn' : 'turns'}`,
        ...(brokenOff.has(end) ? { failed: true } : {}),
      }),
    )
  const first = await once()
  // What the engine ended is no attempt.
  const made = engineFailure(first) !== undefined && !run.signal.aborted ? await once() : first
  run.signal.throwIfAborted()
  const lost = engineFailure(made)
  if (lost !== undefined) throw new DrydockError(lost)
  if (made.end === 'budget') throw failures.budgetExceeded(made.detail ?? 'it is used up')
  if (made.end === 'model-error')
    throw made.failure === undefined
      ? failures.modelUnavailable(made.detail ?? 'no answer')
      : new DrydockError(made.failure)
  return made
}

const nothingLeft = { written: [], added: [], deleted: [] }

async function priorChange(run: Run, before: string, after: string) {
  const { written, deleted } = await run.repository.changes(before, after)
  const old = new Set((await run.repository.entries(before)).map(({ path }) => path))
  const paths = written.map(({ path }) => path)
  const archive: PriorChange['archive'] = () => run.repository.archive(written)
  return { archive, written: paths, added: paths.filter((path) => !old.has(path)), deleted }
}

/** The agent's own Verify: the same check as the final one, told in a few lines; it decides nothing. */
function advisory(work: Work, attempt: number): VerifyChange {
  const { run, base, start } = work
  return async (diff) => {
    try {
      const changed = diff === '' ? start.tree : await run.repository.apply(start.tree, diff)
      const patch = await patchOf(run, base, changed)
      const place = await settleChange(work, changed, { role: 'repair', attempt })
      const part = await partOf(work, changed)
      const wish = { role: 'advisory' as const, ...place, attempt, scripts: 'patched' as const }
      const report = await checkTree(run, base, part === undefined ? wish : { ...wish, scope: part.scope })
      const [before, update] = [start.base, start.update].map((run) => part?.within(run) ?? run)
      const touchesTests = patch.files.some(({ role }) => role === 'test')
      const runs = { base: before ?? start.base, update, repair: report, touchesTests }
      const found = matrix(await withNames(run, base, runs))
      const kept = await checkArrivalAfter(work, { ...place, patch })
      if (!holds(found) || kept.objections.length > 0)
        return { ok: false, text: [advice(report, found, runs.base), ...kept.objections].join('\n\n') }
      const { modules } = part?.scope ?? {}
      const unsteady = new Set([...(found.unstable ?? []), ...(start.base.flaky ?? [])])
      const passing = { ...place, patch, report, flaky: unsteady, attempt }
      const change = modules === undefined ? passing : { ...passing, modules }
      const said = await adviseOnTests({ ...work, start: { ...start, base: before ?? start.base } }, change)
      return { ok: said.ok, text: [advice(report, found, runs.base), said.text].join('\n\n').trim() }
    } catch (error) {
      if (error instanceof DrydockError && error.failure.code !== 'cancelled') {
        return { ok: false, text: [error.failure.message, error.failure.detail ?? ''].join('\n') }
      }
      throw error
    }
  }
}
