import { isDeepStrictEqual } from 'node:util'
import { parseShell } from '@yarnpkg/parsers'

type ShellLine = ReturnType<typeof parseShell>
type CommandLine = ShellLine[number]['command']
type Chain = CommandLine['chain']
type Argument = Extract<Chain, { type: 'command' }>['args'][number]

function parsed(text: string): ShellLine | undefined {
  try {
    return parseShell(text)
  } catch {
    return undefined
  }
}

/** Every simple command of a script as words, wherever it stands; what is not plain text is an empty word. */
export function wordsOf(text: string): readonly (readonly string[])[] {
  return (parsed(text) ?? []).flatMap(({ command }) => lineWords(command))
}

function lineWords({ chain, then }: CommandLine): readonly (readonly string[])[] {
  return [...chainWords(chain), ...(then === undefined ? [] : lineWords(then.line))]
}

function chainWords(chain: Chain): readonly (readonly string[])[] {
  const rest = chain.then === undefined ? [] : chainWords(chain.then.chain)
  if (chain.type === 'command') return [chain.args.flatMap(argumentText), ...rest]
  const inner = chain.type === 'subshell' ? chain.subshell : chain.type === 'group' ? chain.group : []
  return [...inner.flatMap(({ command }) => lineWords(command)), ...rest]
}

function argumentText(argument: Argument): readonly string[] {
  if (argument.type !== 'argument') return []
  return [
    argument.segments
      .map((segment) =>
        segment.type === 'text' ? segment.text : segment.type === 'glob' ? segment.pattern : '',
      )
      .join(''),
  ]
}

/** Commands after which the next one runs in another folder or environment. */
const stateful = new Set([
  'cd',
  'pushd',
  'export',
  'set',
  'source',
  '.',
  'unset',
  'alias',
  'exit',
  'trap',
  'if',
  'for',
])

/**
 * The parts of a script that is nothing but commands joined by `&&`, each as it is written; undefined for any other. A
 * part may be a pipeline; one that changes what comes after it makes the script indivisible.
 */
export function chainParts(text: string): readonly string[] | undefined {
  const lines = parsed(text)
  if (lines?.length !== 1 || lines[0]?.type !== ';') return undefined
  const chains: Chain[] = []
  for (let line: CommandLine | undefined = lines[0].command; line !== undefined; line = line.then?.line) {
    if (line.then !== undefined && line.then.type !== '&&') return undefined
    if (line.chain.type !== 'command' || isStateful(line.chain)) return undefined
    chains.push(line.chain)
  }
  return cut(text, chains)
}

function isStateful(chain: Chain): boolean {
  const [[first = ''] = []] = chainWords(chain)
  return first === '' || stateful.has(first)
}

/** The text between the `&&` that the parser saw as such: one in quotes joins its neighbours again. */
function cut(text: string, chains: readonly Chain[]): readonly string[] | undefined {
  const pieces = text.split('&&')
  const parts: string[] = []
  for (const chain of chains) {
    let part = pieces.shift()
    while (part !== undefined && !means(part, chain)) {
      const next = pieces.shift()
      part = next === undefined ? undefined : `${part}&&${next}`
    }
    if (part === undefined) return undefined
    parts.push(part.trim())
  }
  return pieces.length === 0 ? parts : undefined
}

function means(part: string, chain: Chain): boolean {
  const lines = parsed(part)
  return (
    lines?.length === 1 &&
    lines[0]?.command.then === undefined &&
    isDeepStrictEqual(lines[0]?.command.chain, chain)
  )
}
