import { recordOf, tryJson } from './json.ts'

/* What a tool call of the agent comes to, in words for a person. Texts are the model's and the repository's. */

export interface ToolCall {
  readonly name: string
  /** JSON, as the model gave it. */
  readonly input: string
  /** Undefined while the tool runs. */
  readonly result?: { readonly isError: boolean; readonly text: string }
}

export interface DiffLine {
  readonly kind: 'added' | 'deleted' | 'context'
  readonly text: string
}

/** One thing that was done; several files read one after the other are one. */
export interface Action {
  readonly text: string
  readonly status: 'running' | 'ok' | 'error'
  /** What an edit replaced by what. */
  readonly diff?: readonly DiffLine[]
}

const statusOf = ({ result }: ToolCall): Action['status'] =>
  result === undefined ? 'running' : result.isError ? 'error' : 'ok'

/** The calls of a turn as actions, in their order. */
export function actionsOf(calls: readonly ToolCall[]): readonly Action[] {
  const actions: Action[] = []
  let reads: string[] = []
  const flush = () => {
    if (reads.length > 0) actions.push({ text: readText(reads), status: 'ok' })
    reads = []
  }
  for (const call of calls) {
    if (call.name === 'Read' && statusOf(call) === 'ok') {
      reads.push(String(inputOf(call).path ?? ''))
      continue
    }
    flush()
    actions.push(actionOf(call))
  }
  flush()
  return actions
}

function readText(paths: readonly string[]): string {
  const unique = [...new Set(paths)]
  return unique.length === 1 ? `Read ${unique[0]}` : `Read ${unique.length} files`
}

/** One call for itself. */
export function actionOf(call: ToolCall): Action {
  const status = statusOf(call)
  const { text, diff } = worded(call, status)
  return { text, status, ...(diff === undefined ? {} : { diff }) }
}

type Worded = Pick<Action, 'text' | 'diff'>

function worded(call: ToolCall, status: Action['status']): Worded {
  const input = inputOf(call)
  switch (call.name) {
    case 'Read':
      return { text: `${verb(status, 'Read', 'Reading', 'Could not read')} ${input.path ?? ''}`.trim() }
    case 'Edit':
      return edited(input, status)
    case 'Bash':
      return { text: ran(String(input.command ?? ''), call, status) }
    case 'Git':
      return {
        text: `${verb(status, 'Ran', 'Running', 'Could not run')} git ${listed(input.args)}`.trim(),
      }
    case 'Verify':
      return { text: verified(call, status) }
    case 'GiveUp':
      return { text: 'Gave up' }
    default:
      return { text: `${verb(status, 'Used', 'Using', 'Could not use')} ${call.name}` }
  }
}

function verb(status: Action['status'], done: string, doing: string, failed: string): string {
  return { ok: done, running: doing, error: failed }[status]
}

function inputOf({ input }: ToolCall): Readonly<Record<string, unknown>> {
  return recordOf(tryJson(input))
}

function listed(args: unknown): string {
  return Array.isArray(args) ? args.map(String).join(' ') : ''
}

function edited(input: Readonly<Record<string, unknown>>, status: Action['status']): Worded {
  const path = String(input.path ?? '')
  if (input.delete === true)
    return { text: `${verb(status, 'Deleted', 'Deleting', 'Could not delete')} ${path}` }
  if (typeof input.moveTo === 'string')
    return { text: `${verb(status, 'Moved', 'Moving', 'Could not move')} ${path} to ${input.moveTo}` }
  const [before, after] = [linesOf(input.old), linesOf(input.new)]
  const diff = lineDiff(before, after)
  const count = (kind: DiffLine['kind']) => diff.filter((line) => line.kind === kind).length
  const words =
    input.create === true
      ? verb(status, 'Made', 'Making', 'Could not make')
      : verb(status, 'Edited', 'Editing', 'Could not edit')
  const counts = status === 'error' ? '' : ` +${count('added')} −${count('deleted')}`
  const everywhere = input.replaceAll === true && status !== 'error' ? ' each time' : ''
  return { text: `${words} ${path}${counts}${everywhere}`, diff }
}

function linesOf(text: unknown): readonly string[] {
  if (typeof text !== 'string' || text === '') return []
  return text.replace(/\n$/, '').split('\n')
}

/** Lines that both begin and end with stay; what is between is taken for replaced, line by line where lines are the same. */
export function lineDiff(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head += 1
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail += 1
  const of = (kind: DiffLine['kind'], lines: readonly string[]) => lines.map((text) => ({ kind, text }))
  return [
    ...of('context', before.slice(0, head)),
    ...of('deleted', before.slice(head, before.length - tail)),
    ...of('added', after.slice(head, after.length - tail)),
    ...of('context', before.slice(before.length - tail)),
  ]
}

/** `rg -n "uuid(" src` as what it is: a search for that. */
function ran(command: string, { result }: ToolCall, status: Action['status']): string {
  const words = wordsOf(command)
  const [program = '', ...rest] = words
  if (program !== 'rg') return `${verb(status, 'Ran', 'Running', 'Could not run')} ${command}`
  const pattern = patternIn(rest)
  if (pattern === undefined) return `${verb(status, 'Ran', 'Running', 'Could not run')} ${command}`
  const found = result === undefined || result.isError ? '' : `: ${hits(result.text)}`
  return `${verb(status, 'Searched', 'Searching', 'Could not search')} \`${pattern}\`${found}`
}

function hits(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '' && line !== '--')
  // Notes of the tool's own stand in brackets: `[no output]`, `[exit code 1]`.
  const found = lines.filter((line) => !/^\[.*\]$/.test(line)).length
  return found === 0 ? 'nothing' : found === 1 ? '1 hit' : `${found} hits`
}

/** Words in quotes are one. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double?.replace(/\\(["\\])/g, '$1') ?? single ?? bare ?? '',
  )
}

/** Options of ripgrep that take the next word. */
const taking = new Set([
  '-e',
  '--regexp',
  '-g',
  '--glob',
  '-t',
  '--type',
  '-A',
  '-B',
  '-C',
  '-m',
  '--max-count',
])

function patternIn(words: readonly string[]): string | undefined {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? ''
    if (word === '--files' || word === '--version') return undefined
    if (word === '-e' || word === '--regexp') return words[at + 1]
    if (taking.has(word)) at += 1
    else if (word === '--') return words[at + 1]
    else if (!word.startsWith('-')) return word
  }
  return undefined
}

/** Of what Verify answered the one sentence that counts. */
function verified({ result }: ToolCall, status: Action['status']): string {
  if (result === undefined) return 'Verifying'
  const parts = result.text.split('\n').filter((line) => line.trim() !== '')
  if (status === 'ok' && /^Everything that passed before passes\.?$/.test(parts[0] ?? ''))
    return 'Verified: everything that passed before passes'
  const steps = parts.find((line) => /^(?:build|test|lint): /.test(line))
  const broken = parts.map((line) => /^(\d+) tests? \w+: /.exec(line)?.[1]).find((n) => n !== undefined)
  const tests = broken === undefined ? [] : [broken === '1' ? '1 test fails' : `${broken} tests fail`]
  const told = [...(steps === undefined ? [] : [steps]), ...tests]
  return `Verified: ${told.join('; ') || (parts[0] ?? 'nothing was answered')}`
}
