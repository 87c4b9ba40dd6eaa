import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Anthropic from '@anthropic-ai/sdk'
import { z } from 'zod'
import { Codemod, type CodemodOrigin, maxCodemod } from '../../contract/codemod.ts'
import type { Usage } from '../../contract/events.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import type { Complete } from '../gateway/model.ts'
import { renderPrompt } from '../prompt/render.ts'

/** Templates of `prompts/codemod`. */
export interface DistilPrompts {
  readonly system: string
  readonly request: string
}

export async function loadDistilPrompts(folder: string): Promise<DistilPrompts> {
  const read = (name: string): Promise<string> => readFile(join(folder, 'codemod', name), 'utf8')
  const [system, request] = await Promise.all([read('system.md'), read('request.md')])
  return { system, request }
}

export interface DistilRequest {
  readonly from: CodemodOrigin
  /** The version before. */
  readonly before: string
  /** What failed with the update alone. */
  readonly failures: string
  /** What the new version changed, where the repair meets it. */
  readonly release: string
  /** The repair, without manifests and lock files. */
  readonly patch: string
}

export interface Distilled {
  readonly codemod: Codemod
  readonly usage: Usage
  readonly costUsd: number
}

/** What the model answers; the text is tried before anybody gets it. */
const Answer = z.strictObject({
  kind: Codemod.shape.kind.describe('ast-grep where rules can make the change, else script.'),
  title: z.string().min(1).max(200).describe('What it changes, in one line.'),
  files: Codemod.shape.files.describe('Globs of the code that it is for, such as **/*.java.'),
  text: z.string().min(1).max(maxCodemod).describe('The YAML of the rules, or the ES module.'),
})

const codemodTool: Anthropic.Tool = {
  name: 'codemod',
  description: 'Gives the codemod.',
  input_schema: { ...z.toJSONSchema(Answer, { io: 'input' }), type: 'object' },
}

const maxTokens = 8_000
const room = { failures: 3_000, release: 6_000, patch: 60_000, earlier: 12_000 } as const

/** Asks for a codemod that makes a repair again; `remark` says what was wrong with the last one. */
export async function distil(
  context: {
    readonly complete: Complete
    readonly prompts: DistilPrompts
    readonly model: string
    readonly signal: AbortSignal
  },
  request: DistilRequest,
  remark: string,
): Promise<Distilled | { readonly broken: string; readonly usage: Usage; readonly costUsd: number }> {
  const { complete, prompts, model, signal } = context
  const { content, usage, costUsd } = await complete({
    ...{ purpose: 'distil', model, maxTokens, system: prompts.system, signal },
    messages: [{ role: 'user', content: requestText(prompts, request, remark) }],
    tools: [codemodTool],
    toolChoice: { type: 'tool', name: codemodTool.name },
  })
  const calls = content.filter((block) => block.type === 'tool_use')
  const read = Answer.safeParse(calls[0]?.input)
  if (calls.length !== 1 || !read.success) {
    const why = read.success ? 'called more than once' : z.prettifyError(read.error)
    return { broken: `The tool \`codemod\` was not called as it should be: ${why}`, usage, costUsd }
  }
  return { codemod: { v: 1, ...read.data, from: request.from }, usage, costUsd }
}

/** The user message; its marker is random and occurs in none of the data. */
function requestText(prompts: DistilPrompts, request: DistilRequest, remark: string): string {
  const data = {
    failures: text(request.failures, room.failures),
    release: text(request.release, room.release) || 'Nothing was read.',
    patch: text(request.patch, room.patch),
    earlier: text(remark, room.earlier) || 'None.',
  }
  const parts = Object.values(data)
  let boundary = randomBytes(16).toString('hex')
  while (parts.some((part) => part.includes(boundary))) boundary = randomBytes(16).toString('hex')
  const { package: name, to } = request.from
  return renderPrompt(prompts.request, { ...data, boundary, package: name, before: request.before, to })
}

function text(value: string, max: number): string {
  return bounded(neutralise(value), max)
}
