import { changelogName, notesBetween } from '../../release/changelog.ts'
import { type Api, difference } from '../../release/difference.ts'
import type { PublishedVersion } from '../../release/reader.ts'
import type { Release } from '../../release/release.ts'
import { type Entry, entriesOf, factsOf, importableModules, manifestOf } from './entries.ts'
import { createLinker, moduleAt } from './link.ts'
import { expand } from './surface.ts'
import { type PackageFiles, readTarball } from './tarball.ts'
import { emptySurface, nextEntry } from './telling.ts'

const maxEntries = 60

function fileOf(entry: Entry, source: Release['source']): string | undefined {
  return source === 'declarations' ? entry.declarations : entry.javascript
}

/** The public interface of one version, from its declarations or from its JavaScript. */
function apiOf(files: PackageFiles, source: Release['source']): Api {
  const manifest = manifestOf(files)
  const linker = createLinker(manifest.name, files)
  const surface = emptySurface(linker)
  for (const entry of entriesOf(files, manifest).slice(0, maxEntries)) {
    const file = fileOf(entry, source)
    const read = file === undefined ? undefined : moduleAt(linker, file)
    const module = read?.ambient.get(manifest.name) ?? read
    if (module === undefined) continue
    nextEntry(surface)
    expand(surface, module, entry.subpath === '.' ? '' : `${manifest.name}/${entry.subpath.slice(2)}: `)
  }
  return {
    members: surface.members,
    inherited: surface.inherited,
    modules: importableModules(manifest.name, files, manifest),
    facts: factsOf(files, manifest),
    partial: linker.partial,
  }
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
  return {
    notes: notesBetween(text, from.version, to.version),
    changes: difference(apiOf(before, source), apiOf(after, source)),
    source,
    namespaces: [],
  }
}
