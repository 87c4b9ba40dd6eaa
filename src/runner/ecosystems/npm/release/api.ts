import type { Api } from '../../release/difference.ts'
import type { Release } from '../../release/release.ts'
import { type Entry, entriesOf, factsOf, importableModules, manifestOf } from './entries.ts'
import { addMember, emptySurface, nextEntry, type Surface } from './gathered.ts'
import { createLinker, exportedNames, type Found, type Linker, lookup, moduleAt } from './link.ts'
import { type Module, wholeExport } from './module.ts'
import { kindSignature } from './signature.ts'
import { expand } from './surface.ts'
import type { PackageFiles } from './tarball.ts'
import { wordsOf } from './words.ts'

const maxEntries = 60

function fileOf(entry: Entry, source: Release['source']): string | undefined {
  return source === 'declarations' ? entry.declarations : entry.javascript
}

/** The module that an entry leads to; the one for bundlers where nothing is read of it. */
function readEntry(linker: Linker, { bundled }: Entry, file: string | undefined): Module | undefined {
  const read = file === undefined ? undefined : moduleAt(linker, file)
  if (bundled === undefined || bundled === file || read === undefined || file?.endsWith('ts')) return read
  const names = exportedNames(linker, read).flatMap((name) => lookup(linker, read, name) ?? [])
  const isRead = (one: Found) =>
    one.kind === 'nodes' || (one.kind === 'external' && !one.from.startsWith('.'))
  return names.some(isRead) ? read : (moduleAt(linker, bundled) ?? read)
}

/** The public interface of one version, from its declarations or from its JavaScript. */
export function apiOf(files: PackageFiles, source: Release['source']): Api {
  const manifest = manifestOf(files)
  const words = wordsOf(files)
  const entries = entriesOf(files, manifest).slice(0, maxEntries)
  const selves = entries.flatMap((entry) => {
    const file = fileOf(entry, source)
    return file === undefined ? [] : [[`${manifest.name}${entry.subpath.slice(1)}`, file] as const]
  })
  const linker = createLinker(manifest.name, files, new Map(selves))
  const surface = emptySurface(linker)
  for (const entry of entries) {
    const file = fileOf(entry, source)
    const read = readEntry(linker, entry, file)
    const module = read?.ambient.get(manifest.name) ?? read
    if (module === undefined) continue
    nextEntry(surface)
    const prefix = entry.subpath === '.' ? '' : `${manifest.name}/${entry.subpath.slice(2)}: `
    expand(surface, module, prefix)
    if (source === 'javascript') tellRequired(surface, entry, file, prefix)
  }
  return {
    members: surface.members,
    inherited: surface.inherited,
    open: surface.open,
    modules: importableModules(manifest.name, files, manifest),
    facts: factsOf(files, manifest),
    partial: linker.partial,
    ...(words === undefined ? {} : { words }),
  }
}

/** Names are read where they are imported from; whether `require` gives one thing, where it is required from. */
function tellRequired(surface: Surface, { required }: Entry, file: string | undefined, prefix: string): void {
  const name = `${prefix}${wholeExport}`
  if (required === undefined || required === file || surface.members.has(name)) return
  const whole = moduleAt(surface.linker, required)?.exports.get(wholeExport)
  // A compiler's way to give a namespace.
  const isNamespace = whole?.kind === 'node' && whole.node.type === 'CallExpression'
  if (whole !== undefined && !isNamespace) addMember(surface, name, kindSignature('value', name))
}

export function isTyped(files: PackageFiles): boolean {
  return entriesOf(files, manifestOf(files))[0]?.declarations !== undefined
}
