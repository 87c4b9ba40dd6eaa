import { isTest } from '../../languages/index.ts'
import { type Call, callsIn, handedBy } from './calls.ts'
import { mentions, usesOf } from './names.ts'
import type { SourceFile } from './sourceFile.ts'

/** Names of one file while they are followed. */
export interface Known {
  readonly file: SourceFile
  readonly local: Set<string>
  /** Of the local ones those that came here from hand to hand: imported, assigned, handed over. */
  readonly near: Set<string>
  readonly renamed: Map<string, string>
  /** Of the local ones those that the repository made: what they are called says nothing of a member of that name. */
  readonly made: Set<string>
  /** What a call came to: it may be a value that has nothing of the package. */
  readonly got: Set<string>
  /** Parameters of its functions by their names; read where one of them is given something. */
  readonly functions: () => ReadonlyMap<string, readonly string[]>
  /** Calls on its lines, which are looked at in every round. */
  readonly calls: Map<string, readonly Call[]>
}

const nowhere: ReadonlySet<string> = new Set()

/** A text names something that came to the file from hand to hand, and not by a name that holds everywhere. */
export function isNear(text: string, { near }: Known): boolean {
  return mentions(text, { local: near, everywhere: nowhere })
}

/** Takes names that a text gives their values; what is known by a name that holds everywhere alone goes no further. */
export function learn(one: Known | undefined, more: readonly string[], near: boolean): void {
  addAll(one?.local, more)
  if (near) addAll(one?.near, more)
}

/** All that a text names of the package was got by a call of it. */
export function isGot(text: string, { local, got }: Known, everywhere: ReadonlySet<string>): boolean {
  if (got.size === 0) return false
  const names = [...usesOf(text, { local, everywhere })].map(([name]) => name)
  return names.length > 0 && names.every((name) => got.has(name))
}

/** A function of the repository that is given something of the package has it by the name of its parameter. */
export function handOver(
  one: Known,
  lines: readonly string[],
  byModule: ReadonlyMap<string, Known>,
  everywhere: ReadonlySet<string>,
): void {
  const known = { local: one.local, everywhere }
  for (const line of one.local.size === 0 ? [] : lines) {
    for (const name of passed(line)) {
      const at = Math.max(line.indexOf(`(${name}`), line.indexOf(`, ${name}`))
      const before = line.slice(0, at)
      if (!mentions(before, known)) continue
      // What is handed over to be called is given what the package has.
      const [owner, there] = definedIn(name, one, byModule)
      for (const own of new Set([there, name]))
        for (const list of [own, `${own}()`])
          learn(owner, owner?.functions().get(list) ?? [], isNear(before, one))
    }
    const calls = one.calls.get(line) ?? callsIn(line)
    one.calls.set(line, calls)
    for (const { name, given } of calls) {
      const parts = given.map((part) => handedBy(part))
      const isKnown = (part: string | undefined) => part !== undefined && mentions(part, known)
      if (!parts.some(isKnown)) continue
      const [owner, there] = definedIn(name, one, byModule)
      const functions = owner?.functions()
      const parameters = functions?.get(there) ?? functions?.get(name) ?? []
      for (const [at, part = ''] of parts.entries()) {
        if (part === '' || !isKnown(part)) continue
        learn(owner, [parameters[at] ?? ''], true)
        if (isGot(part, one, everywhere)) addAll(owner?.got, [parameters[at] ?? ''])
      }
    }
  }
}

/** The file that a function which is called in another one stands in, and its name there. */
function definedIn(
  name: string,
  one: Known,
  byModule: ReadonlyMap<string, Known>,
): readonly [Known | undefined, string] {
  for (const { module, names } of one.file.links.takes) {
    const there = names.find(([, here]) => here === name)?.[0]
    if (there === undefined) continue
    const owner = byModule.get(module)
    // What a test gives a function says nothing of the code that is tested.
    const isTested = owner !== undefined && isTest(one.file.path) && !isTest(owner.file.path)
    return [isTested ? undefined : owner, there]
  }
  return [one, name]
}

export function addAll(set: Set<string> | undefined, more: readonly string[]): void {
  for (const name of more) if (!['', 'type', 'const'].includes(name)) set?.add(name)
}

/** Names that a call hands on as they are. */
export function passed(line: string): readonly string[] {
  return [...line.matchAll(/[\w$]\(([^()]*)\)/g)].flatMap(([, list = '']) =>
    list
      .split(',')
      .map((part) => part.trim())
      .filter((part) => /^[A-Za-z_$][\w$]*$/.test(part)),
  )
}
