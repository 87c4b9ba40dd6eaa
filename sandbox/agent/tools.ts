import { spawn } from 'node:child_process'
import { mcpTools } from '@anthropic-ai/sdk/helpers/beta/mcp'
import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { AgentStart } from '../../src/contract/agent.ts'
import { toolManifest } from '../../src/contract/tools.ts'
import type { ToolProcess } from './childTransport.ts'

export interface ToolServer {
  readonly tools: readonly BetaRunnableTool[]
  /** Fires where the server ends before it is closed. */
  readonly broken: AbortSignal
  /** Connects to the server; before that, a call waits. */
  connect(): void
  close(): Promise<void>
}

interface ToolCall {
  readonly name: string
  readonly arguments?: Record<string, unknown>
}

/** How the tool server is started: the program and its arguments. */
export interface ToolCommand {
  readonly command: string
  readonly args: readonly string[]
  /** Laid over a fixed PATH. */
  readonly env?: Readonly<Record<string, string>>
}

// Loaded late: the first request to the model needs none of it.
async function connectTo(child: ToolProcess, onEnd: () => void): Promise<Client> {
  const [{ Client }, { ChildTransport }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('./childTransport.ts'),
  ])
  const client = new Client({ name: 'drydock-agent', version: '1' })
  client.onclose = onEnd
  await client.connect(new ChildTransport(child))
  return client
}

/** Starts the tools as a process of their own and returns at once: the list of tools is the manifest. */
export function startTools({ command, args, env }: ToolCommand, start: AgentStart): ToolServer {
  const child = spawn(command, [...args], {
    env: { PATH: '/usr/bin:/bin', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const broken = new AbortController()
  const end = () => broken.abort(new Error('the tool server ended'))
  child.once('error', end)
  let connected: Promise<Client> | undefined
  const connect = () => {
    connected ??= connectTo(child, end)
    connected.catch(end)
    return connected
  }
  // The calls of one reply come at once; each begins when the one before it has ended.
  let before: Promise<unknown> = Promise.resolve()
  const caller = {
    callTool(call: ToolCall) {
      const ended = before.then(() => answered(call))
      before = ended.catch(() => undefined)
      return ended
    },
  }
  const answered = async (call: ToolCall) => {
    const client = await connect()
    // A tool ends a call itself; this only guards against one that does not.
    const limit = call.name === 'Verify' ? start.verifyTimeoutMs : start.toolTimeoutMs
    return client.callTool(call, undefined, { timeout: limit + 15_000, signal: broken.signal })
  }
  const offered = toolManifest.map(({ name, description, input_schema }) => ({
    name,
    description,
    inputSchema: {
      ...input_schema,
      properties: { ...input_schema.properties },
      required: input_schema.required,
    },
  }))
  return {
    tools: mcpTools(offered, caller as unknown as Parameters<typeof mcpTools>[1]),
    broken: broken.signal,
    connect: () => void connect().catch(end),
    async close() {
      const client = await connected?.catch(() => undefined)
      if (client === undefined) child.kill('SIGKILL')
      else {
        client.onclose = () => {}
        await client.close()
      }
    },
  }
}
