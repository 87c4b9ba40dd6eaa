import { mcpTools } from '@anthropic-ai/sdk/helpers/beta/mcp'
import type { BetaRunnableTool } from '@anthropic-ai/sdk/lib/tools/BetaRunnableTool'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import type { AgentStart } from '../../src/contract/agent.ts'
import { toolManifest } from '../../src/contract/tools.ts'

export interface ToolServer {
  readonly tools: readonly BetaRunnableTool[]
  /** Fires where the server ends before it is closed. */
  readonly broken: AbortSignal
  close(): Promise<void>
}

/** How the tool server is started: the program and its arguments. */
export interface ToolCommand {
  readonly command: string
  readonly args: readonly string[]
}

/**
 * Starts the tools as a process of their own. Returns at once: the list of tools is the manifest, and the first call
 * waits for the server.
 */
export function startTools(command: ToolCommand, start: AgentStart): ToolServer {
  const transport = new StdioClientTransport({
    command: command.command,
    args: [...command.args],
    env: { PATH: '/usr/bin:/bin' },
    stderr: 'inherit',
  })
  const client = new Client({ name: 'drydock-agent', version: '1' })
  const broken = new AbortController()
  client.onclose = () => broken.abort(new Error('the tool server ended'))
  const connected = client.connect(transport)
  connected.catch((error: unknown) => broken.abort(error))
  const caller = {
    async callTool(call: { name: string; arguments?: Record<string, unknown> }) {
      await connected
      // A tool ends a call itself; this only guards against one that does not.
      const limit = call.name === 'Verify' ? start.verifyTimeoutMs : start.toolTimeoutMs
      return client.callTool(call, undefined, { timeout: limit + 15_000, signal: broken.signal })
    },
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
    async close() {
      client.onclose = () => {}
      await client.close()
    },
  }
}
