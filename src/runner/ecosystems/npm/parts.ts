import { isLint, isTests, type Kind, kindOf } from './partKinds.ts'
import { calledScripts, type Scripts } from './tools/callees.ts'
import { chainParts, wordsOf } from './tools/shell.ts'

/** One command of a script that chains several. */
export interface Part extends Kind {
  /** As it is written; of a script, its name. */
  readonly text: string
  readonly script?: string
}

const deepest = 3

/**
 * The commands that a script chains with `&&` or through npm-run-all, those of scripts that it calls included; undefined
 * where it is one command, or more than a chain of plain ones.
 */
export function partsOf(name: string, scripts: Scripts): readonly Part[] | undefined {
  const parts = [`pre${name}`, name, `post${name}`].flatMap((one) =>
    scripts.has(one) ? (divided(one, scripts, deepest) ?? [bodyPart(one, name, scripts)]) : [],
  )
  return parts.filter(({ housekeeping }) => housekeeping !== true).length > 1 ? parts : undefined
}

/** A part that is a check, with the housekeeping that comes before it. */
export interface CheckedPart {
  readonly part: Part
  readonly before: readonly Part[]
}

/** Housekeeping goes with the part that it prepares; what comes after the last one has nothing to prepare. */
export function withHousekeeping(parts: readonly Part[]): readonly CheckedPart[] {
  const checked: CheckedPart[] = []
  let before: Part[] = []
  for (const part of parts) {
    if (part.housekeeping === true) before.push(part)
    else {
      checked.push({ part, before })
      before = []
    }
  }
  return checked
}

/** The body of a script by itself: called by its name it would bring what runs before and after it along. */
function bodyPart(one: string, name: string, scripts: Scripts): Part {
  const text = scripts.get(one) ?? ''
  const kind = kindOf(text)
  // What only goes before or after a script is no test where it does not look like one.
  const aside = one !== name && kind.step === 'test' && kind.network !== true && !isTests(text)
  return { text, ...kind, ...(aside ? { step: 'build' as const } : {}) }
}

function divided(name: string, scripts: Scripts, depth: number): readonly Part[] | undefined {
  const chain = chainParts(scripts.get(name) ?? '')
  if (chain === undefined || depth === 0) return undefined
  const [only = ''] = chain
  const [words = []] = wordsOf(only)
  if (chain.length === 1 && calledScripts(words, scripts).length === 0) return undefined
  return chain.flatMap((text) => partsOfCommand(text, scripts, depth - 1))
}

function partsOfCommand(text: string, scripts: Scripts, depth: number): readonly Part[] {
  const commands = wordsOf(text)
  const called = commands.length === 1 ? calledScripts(commands[0] ?? [], scripts) : []
  // With further words of its own a call is more than the scripts it names.
  const plain = called.length > 0 && !/\s--\s/.test(text)
  if (!plain) return [{ text, ...kindOf(text) }]
  return called.flatMap((name) => divided(name, scripts, depth) ?? [scriptPart(name, scripts)])
}

function scriptPart(name: string, scripts: Scripts): Part {
  const [last = name] = name.split(':').slice(-1)
  const commands = scripts.get(name) ?? ''
  const kind = kindOf(commands)
  const open = kind.network !== true && !isTests(last)
  const told = open && isLint(last) ? { step: 'lint' as const } : kind
  if (open && /^(clean(up)?|clear)$/.test(last))
    return { text: name, script: name, step: 'build', housekeeping: true }
  return { text: name, script: name, ...told }
}
