import { z } from 'zod'
import { type Case, canary, inputOf, type Layer } from '../case.ts'
import {
  type Answer,
  openToolContainer,
  type Seen,
  type SeenFile,
  type ToolContainer,
  type ToolSession,
} from './toolContainer.ts'

/** Calls of a tool while a link is swapped under it. */
const maxIterations = 10_000

const Input = z.looseObject({
  tool: z.string(),
  setup: z.array(z.looseObject({ op: z.string() })).default([]),
  cwd: z.string().optional(),
  /** How often the tool is called, where that is not for the set-up to say. */
  iterations: z.int().positive().max(maxIterations).optional(),
})

const Edit = z.looseObject({ old: z.string(), new: z.string() })

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
  const { tool, setup, cwd, iterations, ...input } = inputOf(Input, one)
  await using session = await container.open(setup, cwd)
  const path =
    tool === 'Edit' && typeof input.path === 'string' && !input.path.includes('\0') ? input.path : undefined
  const old = path === undefined ? {} : await session.file(path)
  const answer = await repeated(session, tool, input, iterations ?? (setup.some(isRace) ? maxIterations : 1))
  const after = await session.look()
  const edited = path === undefined ? undefined : wrongEdit(one, input, old, await session.file(path))
  const usable = await session.call('Bash', { command: 'rg --version' })
  return (
    escaped(answer, session.before, after) ??
    as[one.expect](answer, after) ??
    edited ??
    (usable.isError ? `not usable afterwards: ${usable.text}` : undefined)
  )
}

const isRace = ({ op }: { readonly op: string }) => op === 'race' || op === 'swap'

/** The last answer, or the first that shows what lies outside. */
async function repeated(session: ToolSession, tool: string, input: object, times: number): Promise<Answer> {
  let answer = await session.call(tool, input)
  for (let turn = 1; turn < times && !JSON.stringify(answer).includes(canary); turn += 1)
    answer = await session.call(tool, input)
  return answer
}

/** An edit that is allowed does just that and keeps line ends and mode; one that is denied does nothing. */
function wrongEdit(one: Case, raw: object, old: SeenFile, now: SeenFile): string | undefined {
  if (one.expect === 'deny')
    return JSON.stringify(old) === JSON.stringify(now) ? undefined : 'denied, but the file changed'
  const input = Edit.safeParse(raw)
  if (one.expect === 'contain' || !input.success) return undefined
  const before = old.text ?? ''
  const asThere = (text: string) => (before.includes('\r\n') ? text.replaceAll(/\r?\n/g, '\r\n') : text)
  const wanted = asThere(
    before.replaceAll('\r\n', '\n').split(input.data.old.replaceAll('\r\n', '\n')).join(input.data.new),
  )
  if (now.text !== (before === '' ? input.data.new : wanted))
    return `the file is now ${JSON.stringify(now.text)?.slice(0, 200)}`
  return old.mode === undefined || old.mode === now.mode
    ? undefined
    : `its mode is now ${now.mode?.toString(8)}`
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
  return (
    isError &&
    /^(\[flagged: [^\n]*\]\n)*((Denied|Not possible|Bad arguments): .|There is no tool )/.test(text)
  )
}

const as: Readonly<Record<Case['expect'], (answer: Answer, seen: Seen) => string | undefined>> = {
  allow: (answer) => (answer.isError ? `refused: ${start(answer)}` : undefined),
  deny: (answer) => (isDenied(answer) ? undefined : `not denied: ${start(answer)}`),
  flag: (answer) => (answer.flags.length > 0 ? undefined : `not flagged: ${start(answer)}`),
  contain: ({ text }) =>
    /^(Bad arguments|There is no tool)/.test(text) ? `nothing was tried: ${text}` : undefined,
}

function start({ text }: Answer): string {
  return JSON.stringify(text.slice(0, 300))
}
