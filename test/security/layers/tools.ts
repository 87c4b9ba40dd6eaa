import { z } from 'zod'
import { type Case, canary, inputOf, type Layer } from '../case.ts'
import { type Answer, openToolContainer, type Seen, type ToolContainer } from './toolContainer.ts'

const Input = z.looseObject({
  tool: z.string(),
  setup: z.array(z.looseObject({ op: z.string() })).default([]),
  cwd: z.string().optional(),
})

const maxCharacters = 40_000
const maxMemoryMb = 300

/** Cases of the tools, called over MCP in the agent's container. */
export async function openTools(): Promise<Layer> {
  const container = await openToolContainer()
  return {
    run: (one) => play(container, one),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  }
}

async function play(container: ToolContainer, one: Case): Promise<string | undefined> {
  const { tool, setup, cwd, ...input } = inputOf(Input, one)
  await using session = await container.open(setup, cwd)
  const answer = await session.call(tool, input)
  const after = await session.look()
  const usable = await session.call('Read', { path: 'README.md' })
  return (
    escaped(answer, session.before, after) ??
    as[one.expect](answer, after) ??
    (usable.text.includes('Denied') ? `not usable afterwards: ${usable.text}` : undefined)
  )
}

function escaped(answer: Answer, before: Seen, after: Seen): string | undefined {
  if (JSON.stringify(answer).includes(canary)) return `the canary is in the answer: ${start(answer)}`
  if (after.executed) return 'something was executed'
  if (after.metadata !== before.metadata) return `git's own files changed: ${after.metadata}`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(answer.text)) return 'control characters in the answer'
  if (answer.text.length > maxCharacters) return `${answer.text.length} characters of output`
  if (after.peakMemoryMb > maxMemoryMb) return `the server took ${Math.round(after.peakMemoryMb)} MB`
  return undefined
}

function isDenied({ text, isError }: Answer): boolean {
  return isError && /^(\[flagged: [^\n]*\]\n)*(Denied|Bad arguments): ./.test(text)
}

const as: Readonly<Record<Case['expect'], (answer: Answer, seen: Seen) => string | undefined>> = {
  allow: (answer) => (answer.isError ? `refused: ${start(answer)}` : undefined),
  deny: (answer) => (isDenied(answer) ? undefined : `not denied: ${start(answer)}`),
  flag: (answer) => (answer.flags.length > 0 ? undefined : `not flagged: ${start(answer)}`),
  contain: () => undefined,
}

function start({ text }: Answer): string {
  return JSON.stringify(text.slice(0, 300))
}
