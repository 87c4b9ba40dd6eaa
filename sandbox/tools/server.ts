import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { neutralise } from '../../src/contract/text.ts'
import { manifest } from './manifest.ts'
import { Denied, NotPossible, type Tool, type ToolResult } from './tool.ts'

function errorText(error: unknown): string {
  if (error instanceof NotPossible) return `Not possible: ${error.message}`
  if (error instanceof Denied) return `Denied: ${error.message}`
  if (error instanceof z.ZodError) return `Bad arguments: ${z.prettifyError(error)}`
  if (error instanceof Error && 'code' in error) {
    if (error.code === 'ENOSPC') return 'The workspace is full.'
    return `Failed: ${String(error.code)}`
  }
  return `Failed: ${error instanceof Error ? error.message : String(error)}`
}

function asAnswer({ text, isError, flags = [] }: ToolResult): CallToolResult {
  const marks = flags.map((flag) => `[flagged: ${neutralise(flag)}]\n`).join('')
  return {
    content: [{ type: 'text', text: `${marks}${text}` }],
    ...(isError === true ? { isError } : {}),
    ...(flags.length > 0 ? { _meta: { 'drydock/flags': [...flags] } } : {}),
  }
}

/** An MCP server for exactly the manifest's tools. A call never throws: what goes wrong is said to the model. */
export function createToolServer(tools: readonly Tool[]): Server {
  const server = new Server({ name: 'drydock-tools', version: '1' }, { capabilities: { tools: {} } })
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: manifest.map(({ name, description, input_schema }) => ({
      name,
      description,
      inputSchema: { ...input_schema, required: [...input_schema.required] },
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) => {
    const tool = tools.find((candidate) => candidate.name === params.name)
    if (tool === undefined)
      return asAnswer({ text: `There is no tool ${neutralise(params.name)}.`, isError: true })
    try {
      return asAnswer(await tool.run(params.arguments ?? {}, signal))
    } catch (error) {
      return asAnswer({ text: neutralise(errorText(error)), isError: true })
    }
  })
  return server
}
