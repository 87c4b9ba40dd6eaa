import type { EcosystemFacts } from './facts.ts'
import * as registered from './registered.ts'

type Registered = (typeof registered)[keyof typeof registered]

export type Ecosystem = Registered['id']
type Facts = EcosystemFacts & { readonly id: Ecosystem }

/** The usual one first, then by their names; that is the order in which a project is tried for. */
export const ecosystems: readonly Facts[] = [...Object.values<Facts>(registered)].sort(
  (a, b) => Number(b.usual === true) - Number(a.usual === true) || (a.id < b.id ? -1 : 1),
)

/** For schemas and options. */
export const ecosystemIds = ecosystems.map(({ id }) => id) as [Ecosystem, ...Ecosystem[]]

export function factsOf(id: Ecosystem): Facts {
  const found = ecosystems.find((one) => one.id === id)
  if (found === undefined) throw new TypeError(`no ecosystem ${id}`)
  return found
}

type KeysOf<Union> = Union extends unknown ? keyof Union : never
export type ToolchainKey = KeysOf<Registered['toolchain']>

/** Keys of `.drydock.json` for versions of tools, with what they mean. */
export const toolchainKeys: Readonly<Record<string, string>> = Object.assign(
  {},
  ...ecosystems.map(({ toolchain }) => toolchain),
)

/** Whose package a name is where nobody says so: by its form, else the usual ecosystem's. */
export function ecosystemOf(name: string): Ecosystem {
  const [usual] = ecosystemIds
  return ecosystems.find(({ named }) => named?.form.test(name) === true)?.id ?? usual
}

/** An ecosystem in front of a name, as in `npm:left-pad`: for names that could be of two. */
export function splitEcosystem(text: string): { readonly ecosystem?: Ecosystem; readonly rest: string } {
  const found = ecosystems.find(({ id }) => text.startsWith(`${id}:`))
  return found === undefined ? { rest: text } : { ecosystem: found.id, rest: text.slice(found.id.length + 1) }
}

/** `a`, `a or b`, `a, b or c`. */
function alternatives(words: readonly string[], by: 'or' | 'and' = 'or'): string {
  const last = words.at(-1) ?? ''
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${by} ${last}`
}

export const manifestNames: readonly string[] = ecosystems.map(({ manifest }) => manifest)
export const lockfileNames: readonly string[] = ecosystems.flatMap(({ lockfiles }) => lockfiles)
const managers = ecosystems.flatMap((one) => one.managers)

/** For messages. */
export const knownManifests = {
  listed: manifestNames.join(', '),
  either: alternatives(manifestNames),
  managers: alternatives(managers),
  allManagers: alternatives(managers, 'and'),
} as const
