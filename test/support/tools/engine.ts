import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { programs } from '../../../esbuild.mjs'
import type { AgentDone, AgentStart, VerifyAnswer } from '../../../src/contract/agent.ts'
import type { EventBody } from '../../../src/contract/events.ts'
import { toolManifestDigest } from '../../../src/contract/tools.ts'
import type { RelayHandler } from '../../../src/runner/docker/relay.ts'
import { createGateway, type Gateway } from '../../../src/runner/gateway/gateway.ts'
import { createAgentHandler } from '../../../src/runner/repair/handler.ts'
import { type ModelOptions, type PlayedModel, startModel } from '../model/server.ts'
import { makeWorkspace } from './workspace.ts'

export interface EngineRun {
  readonly done: AgentDone | undefined
  readonly events: readonly EventBody[]
  readonly model: PlayedModel
  readonly diffs: readonly string[]
  readonly exitCode: number | null
  readonly end: string | undefined
  readonly account: string | undefined
  readonly gaveUp: boolean
}

export interface EngineOptions extends ModelOptions {
  readonly start?: Partial<AgentStart>
  readonly budgetUsd?: number
  readonly verify?: (diff: string) => VerifyAnswer
  readonly prepare?: (workspace: string) => void
}

/** The relay without frames: HTTP straight to the runner's handler. */
async function listen(handle: RelayHandler): Promise<Server> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const { method = '', url = '' } = request
    const asked = { method, target: url, headers: {}, body: Buffer.concat(chunks) }
    const { status, headers, body } = await handle(asked, new AbortController().signal)
    response.writeHead(status, headers).end(body as Buffer)
  })
  server.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}

function openGateway(model: PlayedModel, events: EventBody[], budgetUsd: number): Gateway {
  return createGateway({
    connection: { apiKey: 'k', baseURL: model.url },
    budget: { usd: budgetUsd, wallClockMs: 60_000 },
    emit: (event) => events.push(event),
    retries: 2,
    retryDelayMs: 1,
    idleMs: 500,
  })
}

let bundled: Promise<string> | undefined

/** Engine and tools as an image gets them: from their sources, each of the two takes five times as long to start. */
async function bundlePrograms(): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'drydock-engine-'))
  process.once('exit', () => rmSync(out, { recursive: true, force: true }))
  const made = await programs({ out })
  for (const name of ['sandbox/agent', 'sandbox/tools']) await build(made.get(name) ?? {})
  return join(out, 'sandbox')
}

/** One attempt of the real engine and tools as plain processes, with the real gateway and a played model. */
export async function playEngine(options: EngineOptions): Promise<EngineRun> {
  const place = makeWorkspace()
  options.prepare?.(place.workspace)
  const model = await startModel(options)
  const events: EventBody[] = []
  const start: AgentStart = {
    v: 1,
    runId: 'r1',
    toolsDigest: toolManifestDigest,
    model: 'claude-sonnet-5-5',
    prompt: 'Repair it.',
    maxTurns: 10,
    maxTokens: 1000,
    compactAtBytes: 300_000,
    toolTimeoutMs: 10_000,
    verifyTimeoutMs: 10_000,
    tree: place.tree,
    prior: { written: [], deleted: [] },
    ...options.start,
  }
  const run = openGateway(model, events, options.budgetUsd ?? 5).openRun({
    ...start,
    attempt: 1,
    system: 'You repair.',
    maxTokensCap: start.maxTokens,
    signal: new AbortController().signal,
  })
  const diffs: string[] = []
  const verify = async (diff: string) => {
    diffs.push(diff)
    return options.verify?.(diff) ?? { ok: true, text: 'all pass' }
  }
  const document = async () => ({ refused: 'there is none' })
  const handler = createAgentHandler({
    ...{ start, run, verify, document },
    maxVerifications: 10,
    onActivity: () => {},
  })
  const server = await listen(handler.handle)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  bundled ??= bundlePrograms()
  const folder = await bundled
  const args = [
    join(folder, 'agent.mjs'),
    `--relay=${url}`,
    `--workspace=${place.workspace}`,
    `--git-dir=${join(place.home, 'git')}`,
    `--tools=${join(folder, 'tools.mjs')}`,
  ]
  const engine = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'], env: {} })
  const exitCode = await new Promise<number | null>((resolve) => engine.once('exit', resolve))
  await model.close()
  server.close()
  place.remove()
  const { account, gaveUp } = run
  return { done: handler.done, events, model, diffs, exitCode, end: run.end?.reason, account, gaveUp }
}
