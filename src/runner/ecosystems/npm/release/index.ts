import { changelogName, notesBetween } from '../../release/changelog.ts'
import { type Api, difference, ownerOf } from '../../release/difference.ts'
import type { PublishedVersion } from '../../release/reader.ts'
import type { ApiChange, Release } from '../../release/release.ts'
import { commandsOf, type Entry, entriesOf, factsOf, importableModules, manifestOf } from './entries.ts'
import { createLinker, exportedNames, type Linker, lookup, moduleAt } from './link.ts'
import { type Module, wholeExport } from './module.ts'
import { kindSignature } from './signature.ts'
import { expand } from './surface.ts'
import { type PackageFiles, readTarball } from './tarball.ts'
import { emptySurface, nextEntry, type Surface, tell } from './telling.ts'
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
  return names.some(({ kind }) => kind !== 'whole') ? read : (moduleAt(linker, bundled) ?? read)
}

/** The public interface of one version, from its declarations or from its JavaScript. */
function apiOf(files: PackageFiles, source: Release['source']): Api {
  const manifest = manifestOf(files)
  const words = wordsOf(files)
  const linker = createLinker(manifest.name, files)
  const surface = emptySurface(linker)
  for (const entry of entriesOf(files, manifest).slice(0, maxEntries)) {
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
  if (whole !== undefined && !isNamespace) tell(surface, name, kindSignature('value', name))
}

/** Much of its source is in packages now that it did not need before: a word that it lacks may be in theirs. */
function hasMovedOut(before: PackageFiles, after: PackageFiles): boolean {
  const known = manifestOf(before).dependencies ?? {}
  const fresh = Object.keys(manifestOf(after).dependencies ?? {}).filter((name) => !(name in known))
  return fresh.length > 0 && sizeOf(after) < sizeOf(before) / 2
}

/** Of JavaScript not everything can be read: a member of what has none now, whose name is still there, may be. */
function withoutUnread(changes: readonly ApiChange[], { words, members }: Api): readonly ApiChange[] {
  const owners = new Set([...members.keys()].map(ownerOf))
  return changes.filter(({ kind, of, name, word }) => {
    const owner = kind === 'removed' && of === 'member' ? ownerOf(name) : undefined
    return owner === undefined || owners.has(owner) || words?.all.has(word) !== true
  })
}

function sizeOf(files: PackageFiles): number {
  return [...files].reduce((sum, [path, text]) => sum + (/\.[cm]?js$/.test(path) ? text.length : 0), 0)
}

function withoutWords({ words: _, ...api }: Api): Api {
  return api
}

function isTyped(files: PackageFiles): boolean {
  return entriesOf(files, manifestOf(files))[0]?.declarations !== undefined
}

/**
 * What changed between two published tarballs. Declarations are compared where both versions carry them; else what
 * their JavaScript exports, by name alone.
 */
export async function npmRelease(from: PublishedVersion, to: PublishedVersion): Promise<Release> {
  const [before, after] = [await readTarball(from.bytes), await readTarball(to.bytes)]
  const source = isTyped(before) && isTyped(after) ? 'declarations' : 'javascript'
  const log = changelogName(after.keys())
  const text = log === undefined ? '' : (after.get(log) ?? '')
  const [old, now] = [apiOf(before, source), apiOf(after, source)]
  const changes = difference(old, hasMovedOut(before, after) ? withoutWords(now) : now)
  return {
    notes: notesBetween(text, from.version, to.version),
    changes: source === 'javascript' ? withoutUnread(changes, now) : changes,
    source,
    namespaces: [],
    commands: [...new Set([before, after].flatMap((files) => commandsOf(manifestOf(files))))].sort(),
  }
}
