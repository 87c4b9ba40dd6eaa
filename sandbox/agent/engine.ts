import { closeSync, unlinkSync } from 'node:fs'
import { type AgentDone, AgentStart, agentPaths } from '../../src/contract/agent.ts'
import { toolManifestDigest } from '../../src/contract/tools.ts'
import { diffOfWorkTree } from '../git/diff.ts'
import { ensureGitFolder } from '../git/folder.ts'
import type { Ask } from '../http/post.ts'
import { at, openParent } from '../tools/beneath.ts'
import { segments } from '../tools/paths.ts'
import type { LoopEnd } from './loop.ts'
import type { ToolCommand } from './tools.ts'

/** Where the engine works; all paths absolute. */
export interface EnginePlaces {
  readonly ask: Ask
  /** Where the tools find the relay; opened while the start is on its way. */
  readonly relayUrl: Promise<string>
  readonly workspace: string
  readonly gitDir: string
  readonly gitBinary: string
  readonly bin: string
  /** Program of the tool server, and what stands before its own arguments. */
  readonly tools: ToolCommand
}

const never = new AbortController().signal

async function fetchStart(ask: Ask): Promise<AgentStart> {
  const answer = await ask('GET', agentPaths.start, undefined, 30_000, never)
  return AgentStart.parse(JSON.parse(answer.body))
}

/** Deletes what an earlier attempt deleted; its other changes were put into the workspace. */
function deletePrior(workspace: string, paths: readonly string[]): void {
  for (const path of paths) {
    const { fd, name } = openParent(workspace, segments(path, workspace), false)
    try {
      unlinkSync(at(fd, name))
    } finally {
      closeSync(fd)
    }
  }
}

function toolCommand(places: EnginePlaces, relayUrl: string, start: AgentStart): ToolCommand {
  const options = [
    `--workspace=${places.workspace}`,
    `--git-dir=${places.gitDir}`,
    `--bin=${places.bin}`,
    `--tree=${start.tree}`,
    `--relay=${relayUrl}`,
    `--ours=${JSON.stringify(start.prior.written)}`,
    `--timeout-ms=${start.toolTimeoutMs}`,
    `--verify-timeout-ms=${start.verifyTimeoutMs}`,
  ]
  return { ...places.tools, args: [...places.tools.args, ...options] }
}

async function finalDiff(places: EnginePlaces, start: AgentStart): Promise<string> {
  const git = { workspace: places.workspace, gitDir: places.gitDir, binary: places.gitBinary }
  const call = { timeoutMs: 120_000, signal: never }
  await ensureGitFolder(git, start.tree, start.prior.written, { ...call, maxBytes: 64 * 1024 * 1024 })
  return diffOfWorkTree(git, start.tree, call)
}

/** Everything that an attempt loads late. */
export async function loadEngine(): Promise<void> {
  await Promise.all([
    import('./tools.ts'),
    import('./model.ts'),
    import('./loop.ts'),
    import('./childTransport.ts'),
    import('@modelcontextprotocol/sdk/client/index.js'),
  ])
}

async function attempt(places: EnginePlaces, start: AgentStart): Promise<LoopEnd> {
  const { startTools } = await import('./tools.ts')
  const server = startTools(toolCommand(places, await places.relayUrl, start), start)
  // While the tools' process starts, this one loads the model's client; the tools' client while the model thinks.
  const [{ openModel }, { runLoop }] = await Promise.all([import('./model.ts'), import('./loop.ts')])
  try {
    const model = openModel(places.ask, start.runId, server.connect)
    return await runLoop(model, server.tools, start, server.broken)
  } finally {
    await server.close()
  }
}

/** One attempt, from the runner's start message to the change handed back to it. */
export async function runEngine(places: EnginePlaces): Promise<void> {
  const start = await fetchStart(places.ask)
  let end: LoopEnd = { end: 'agent-error', turns: 0, results: [] }
  let diff = ''
  try {
    if (start.toolsDigest !== toolManifestDigest) throw new Error('the runner offers other tools than these')
    deletePrior(places.workspace, start.prior.deleted)
    end = await attempt(places, start)
    diff = await finalDiff(places, start)
  } catch (error) {
    end = { ...end, end: 'agent-error', detail: error instanceof Error ? error.message : String(error) }
  } finally {
    const done: AgentDone = { v: 1, runId: start.runId, ...end, diff }
    await places.ask('POST', agentPaths.done, JSON.stringify(done), 60_000, never)
  }
}
