import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { AgentDone, AgentStart } from '../../contract/agent.ts'
import type { AttemptEnd } from '../../contract/events.ts'
import { type Failure, toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import { toolManifestDigest } from '../../contract/tools.ts'
import { workspacePath } from '../../contract/workspace.ts'
import type { Emit } from '../../store/emit.ts'
import { engineFault } from '../docker/lost.ts'
import type { RelayEnd, ServeRelay } from '../docker/relay.ts'
import type { Container, Image, Sandbox, SealedWorkspace } from '../docker/sandbox.ts'
import type { Release } from '../ecosystems/release/release.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { GatewayRun } from '../gateway/gatewayRun.ts'
import { type ReadJar, readDocument } from './context/documents.ts'
import { type AgentHandler, createAgentHandler, type VerifyChange } from './handler.ts'
import { createWatch } from './watch.ts'

export interface RepairLimits {
  readonly maxTurns: number
  readonly maxOutputTokens: number
  readonly toolTimeoutMs: number
  /** Of one Verify call, all its steps together. */
  readonly verifyTimeoutMs: number
  /** Largest diff that is taken, bytes; 8 MiB where undefined. */
  readonly maxDiffBytes?: number
  /** The container is ended where it asks nothing for this long; two minutes and a tool's time where undefined. */
  readonly silenceMs?: number
}

export interface RepairContext {
  readonly sandbox: Pick<Sandbox, 'start' | 'workspace'>
  readonly serveRelay: ServeRelay
  readonly gateway: Gateway
  readonly emit: Emit
  readonly limits: RepairLimits
  readonly verify: VerifyChange
  readonly signal: AbortSignal
}

export interface RepairInput {
  readonly attempt: number
  readonly model: string
  readonly promptHash: string
  /** Of `image({kind: 'agent'})`. */
  readonly image: Image
  /** Base and update, installed; its `.git` holds one commit of `tree`. */
  readonly sealed: SealedWorkspace
  /** Tree that the returned diff is made against. */
  readonly tree: string
  readonly system: string
  readonly prompt: string
  /** What an earlier attempt left, to start from. */
  readonly prior?: PriorChange
  /** What is known of the new version, for Read. */
  readonly release?: Release
  /** Entries of jars, for Read. */
  readonly readJar?: ReadJar
}

export interface PriorChange {
  /** Tar of the changed and new files, paths relative to the repository's root. */
  readonly archive: () => Readable
  readonly written: readonly string[]
  readonly deleted: readonly string[]
}

/** What one attempt came to. `diff` is the container's text: bounded, not yet parsed, possibly empty. */
export interface Attempt {
  readonly end: AttemptEnd
  readonly diff: string
  readonly turns: number
  readonly detail?: string
  /** The agent's words at its end, from the model itself; claims that nobody checked. */
  readonly account?: string
  /** What the model's side or the engine itself named, where that ended it. */
  readonly failure?: Failure
}

/** About half of what a model with a window of 200,000 tokens takes. */
const compactAtBytes = 350_000
const maxRequestBytes = 20 * 1024 * 1024

function startMessage(context: RepairContext, input: RepairInput, runId: string): AgentStart {
  const { limits } = context
  return {
    v: 1,
    runId,
    toolsDigest: toolManifestDigest,
    model: input.model,
    prompt: input.prompt,
    maxTurns: limits.maxTurns,
    maxTokens: limits.maxOutputTokens,
    compactAtBytes,
    toolTimeoutMs: limits.toolTimeoutMs,
    verifyTimeoutMs: limits.verifyTimeoutMs,
    tree: input.tree,
    prior: { written: [...(input.prior?.written ?? [])], deleted: [...(input.prior?.deleted ?? [])] },
  }
}

function detailOf(relay: RelayEnd | undefined): string {
  if (relay?.outOfMemory === true) return 'the agent ran out of memory'
  const said = bounded(neutralise(relay?.output.toString('utf8') ?? ''), 2_000).trim()
  return `the agent's container ended with ${relay?.exitCode ?? 'a signal'}${said === '' ? '' : `: ${said}`}`
}

/** The end by who knows best: the caller, the gateway, the watch, then the engine's own word. */
function endOf(
  signal: AbortSignal,
  run: GatewayRun,
  done: AgentDone | undefined,
  broken: string | undefined,
): Pick<Attempt, 'end' | 'detail' | 'failure'> {
  if (signal.aborted) return { end: 'cancelled' }
  // A request whose container went away looks cancelled to the gateway; nobody has cancelled anything.
  if (run.end !== undefined && run.end.reason !== 'cancelled') {
    const { reason, detail, failure } = run.end
    return { end: reason, detail, ...(failure === undefined ? {} : { failure }) }
  }
  if (run.gaveUp) return { end: 'cannot-repair' }
  if (done === undefined) return { end: 'agent-error', detail: broken ?? 'the agent ended without a word' }
  const own = done.end === 'done' || done.end === 'turn-limit' ? done.end : 'agent-error'
  const detail = done.detail === undefined ? undefined : bounded(neutralise(done.detail), 2_000)
  return detail === undefined ? { end: own } : { end: own, detail }
}

interface Parts {
  readonly run: GatewayRun
  readonly handler: AgentHandler
  readonly watch: ReturnType<typeof createWatch>
}

function parts(context: RepairContext, input: RepairInput): Parts {
  const { limits } = context
  const runId = randomUUID()
  const run = context.gateway.openRun({
    runId,
    attempt: input.attempt,
    model: input.model,
    system: input.system,
    maxTurns: limits.maxTurns,
    maxTokensCap: limits.maxOutputTokens,
    signal: context.signal,
  })
  const watch = createWatch(limits.silenceMs ?? limits.toolTimeoutMs + 120_000)
  const handler = createAgentHandler({
    start: startMessage(context, input, runId),
    run,
    verify: context.verify,
    maxVerifications: limits.maxTurns,
    document: (address, signal) => readDocument(input, address, signal),
    onActivity: watch.onActivity,
  })
  return { run, handler, watch }
}

/** By somebody else: what the agent itself comes to has another exit code, and memory that ran out is told beside it. */
function wasKilled({ exitCode, outOfMemory }: RelayEnd): boolean {
  return (exitCode === null || exitCode === 137) && !outOfMemory
}

const wentSilent = 'the agent went silent'

/** Runs the container to its end; says in words what was wrong with it, if anything. */
async function serve(context: RepairContext, input: RepairInput, made: Parts): Promise<string | undefined> {
  const signal = AbortSignal.any([context.signal, made.watch.signal])
  const workspace = await context.sandbox.workspace(input.sealed)
  let container: Container | undefined
  try {
    const prior = input.prior === undefined ? [] : [{ path: workspacePath, archive: input.prior.archive() }]
    const command = ['node', '/drydock/agent.mjs']
    const env = { NODE_COMPILE_CACHE: '/drydock/cache' }
    const spec = { kind: 'agent' as const, image: input.image, command, env, workspace, files: prior }
    container = await context.sandbox.start(spec, signal)
    const limits = { maxRequestBytes, maxOutputBytes: 64 * 1024, maxConcurrent: 16 }
    const relay = await context.serveRelay(container, made.handler.handle, limits, signal)
    if (made.watch.signal.aborted) return wentSilent
    if (made.handler.done === undefined && !signal.aborted && wasKilled(relay))
      throw failures.engineLost(`${detailOf(relay)}, from outside`)
    return made.handler.done === undefined ? detailOf(relay) : undefined
  } finally {
    made.watch.close()
    made.run.close()
    await container?.remove()
    await workspace.dispose()
  }
}

/**
 * One attempt of the agent at the task, in a container of its own. Always ends by a name and never throws for what the
 * model or the container did; `attempt.finished` is logged in every case.
 */
export async function repair(context: RepairContext, input: RepairInput): Promise<Attempt> {
  const { model, promptHash } = input
  context.emit({ type: 'attempt.started', attempt: input.attempt, model, promptHash })
  const made = parts(context, input)
  let broken: string | undefined = 'the attempt broke off'
  let lost: Failure | undefined
  let attempt: Attempt
  try {
    broken = await serve(context, input, made)
  } catch (error) {
    // A silence may also fall into the container's start, which then ends as cancelled.
    broken = made.watch.signal.aborted ? wentSilent : toFailure(error).message
    lost = made.watch.signal.aborted ? undefined : engineFault(error)?.failure
  } finally {
    attempt = attemptOf(context, made, broken, lost)
    const { diff: _, failure: __, ...ended } = attempt
    context.emit({ type: 'attempt.finished', attempt: input.attempt, ...ended })
  }
  return attempt
}

function attemptOf(
  context: RepairContext,
  { run, handler }: Parts,
  broken: string | undefined,
  lost: Failure | undefined,
): Attempt {
  const { account, turns } = run
  const said = { ...(account === undefined ? {} : { account }), turns }
  const end = endOf(context.signal, run, handler.done, broken)
  const failure = end.end === 'agent-error' && lost !== undefined ? { failure: lost } : {}
  const ended = { ...end, ...failure, ...said }
  const diff = handler.done?.diff ?? ''
  const max = context.limits.maxDiffBytes ?? 8 * 1024 * 1024
  if (Buffer.byteLength(diff) <= max) return { ...ended, diff }
  return { ...said, end: 'agent-error', detail: `the change is larger than ${max} bytes`, diff: '' }
}
