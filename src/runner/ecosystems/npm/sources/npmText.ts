import { type NpmEntry, parseNpmLock } from '../locks/npmLock.ts'
import { printNpmLock } from '../locks/relayNpm.ts'
import { originOf } from './origin.ts'
import { type Pinned, type SourceIndex, type SourceText, usualAddress, type Wanted } from './source.ts'

const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const
type Specifiers = Record<string, string>
type Entry = NpmEntry & Readonly<Record<string, unknown>>

/** `package-lock.json`. */
export const npmText: SourceText = {
  pinned: (text) =>
    entriesOf(text).flatMap(([, { resolved, integrity }]): Pinned[] => {
      const origin = resolved === undefined ? undefined : originOf('x', resolved)
      if (origin === undefined) return []
      return [{ origin, ...(integrity === undefined ? {} : { integrity }) }]
    }),
  wanted: (text) =>
    entriesOf(text).flatMap(([location, entry]): Wanted[] =>
      location === '' || !location.includes('node_modules/')
        ? []
        : groupsOf(entry).flatMap(([group, names]) =>
            Object.entries(names).map(([name, spec]) => {
              const by = location.replace(/^.*node_modules\//, '')
              return { name, text: spec, by, optional: group !== 'dependencies' }
            }),
          ),
    ),
  to: (text, sources) => {
    const lock = parseNpmLock('package-lock.json', text)
    for (const entry of Object.values(lock.packages)) {
      const source = entry.resolved === undefined ? undefined : sources.of(entry.resolved)
      if (source !== undefined && entry.link !== true) {
        entry.resolved = source.relay
        entry.integrity = source.packed.integrity
      }
      for (const [, names] of groupsOf(entry))
        for (const [name, spec] of Object.entries(names)) names[name] = sources.of(spec)?.relay ?? spec
    }
    return printNpmLock(lock, text)
  },
  from: (before, after, sources) => {
    const lock = parseNpmLock('package-lock.json', after)
    const old = new Map(before === undefined ? [] : entriesOf(before))
    const known = knownBy(old, sources)
    for (const [location, entry] of Object.entries(lock.packages)) {
      const source = entry.resolved === undefined ? undefined : sources.at(entry.resolved)
      if (source !== undefined) restore(entry, known.get(source.relay) ?? { resolved: usualAddress(source) })
      for (const [group, names] of groupsOf(entry))
        for (const [name, spec] of Object.entries(names)) {
          const found = sources.at(spec)
          if (found === undefined) continue
          const was = groupsOf(old.get(location) ?? {}).find(([key]) => key === group)?.[1][name]
          const same = location.includes('node_modules/') && was !== undefined && sources.of(was) === found
          names[name] = same ? was : sources.specifier(location, name, found)
        }
    }
    restoreLegacy(lock.dependencies, known, sources)
    return printNpmLock(lock, after)
  },
}

function entriesOf(text: string): [string, Entry][] {
  return Object.entries(parseNpmLock('package-lock.json', text).packages)
}

function groupsOf(entry: NpmEntry): (readonly [string, Specifiers])[] {
  return groups.flatMap((group) => {
    const names = (entry as Record<string, unknown>)[group]
    return typeof names === 'object' && names !== null ? [[group, names as Specifiers] as const] : []
  })
}

interface Place {
  resolved?: string | undefined
  integrity?: string | undefined
}

/** What the lock file said of each source before, by its address at the relay. */
function knownBy(old: ReadonlyMap<string, Entry>, sources: SourceIndex): ReadonlyMap<string, Place> {
  return new Map(
    [...old.values()].flatMap((entry) => {
      const source = entry.resolved === undefined ? undefined : sources.of(entry.resolved)
      return source === undefined ? [] : [[source.relay, entry] as const]
    }),
  )
}

function restore(entry: Place, { resolved, integrity }: Place): void {
  entry.resolved = resolved
  if (integrity === undefined) delete entry.integrity
  else entry.integrity = integrity
}

/** lockfileVersion 2 repeats everything as a tree for npm 6, with the address in place of the version. */
function restoreLegacy(dependencies: unknown, known: ReadonlyMap<string, Place>, sources: SourceIndex): void {
  if (typeof dependencies !== 'object' || dependencies === null) return
  for (const [name, value] of Object.entries(dependencies as Record<string, unknown>)) {
    if (typeof value !== 'object' || value === null) continue
    const entry = value as {
      version?: string
      integrity?: string
      from?: string
      dependencies?: unknown
      requires?: Specifiers
    }
    const source = entry.version === undefined ? undefined : sources.at(entry.version)
    if (source !== undefined) {
      const { resolved, integrity } = known.get(source.relay) ?? { resolved: usualAddress(source) }
      const { version: _, integrity: _integrity, ...rest } = entry
      for (const key of Object.keys(entry)) delete entry[key as keyof typeof entry]
      // npm writes them in this order.
      Object.assign(entry, {
        version: resolved,
        ...(integrity === undefined ? {} : { integrity }),
        ...(source.origin.kind === 'git' ? { from: `${name}@${sources.specifier('', name, source)}` } : {}),
        ...rest,
      })
    }
    for (const [key, spec] of Object.entries(entry.requires ?? {})) {
      const found = sources.at(spec)
      if (found !== undefined && entry.requires)
        entry.requires[key] = sources.specifier(undefined, key, found)
    }
    restoreLegacy(entry.dependencies, known, sources)
  }
}
