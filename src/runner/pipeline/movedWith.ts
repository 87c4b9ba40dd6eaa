import type { Report } from '../../contract/report.ts'
import type { PackageMove } from '../../contract/why.ts'
import type { Tree } from '../ecosystems/project.ts'
import type { ApiChange } from '../ecosystems/release/release.ts'

/** A package that has another version because the asked one does. */
export interface MovedWith {
  readonly name: string
  readonly from: string
  readonly to: string
}

/** Files of failures that are read for what they name, and characters of each. */
const most = { files: 30, characters: 20_000, changes: 12 } as const

export interface FailureTexts {
  readonly said: string
  /** Heads of the files that failures are in: there stands what those import. */
  readonly files: string
}

export async function textsOfFailures(view: Tree, report: Report | undefined): Promise<FailureTexts> {
  const failed = report?.steps.filter(({ exitCode }) => exitCode !== 0) ?? []
  const said = failed.map(({ summary }) => summary?.text ?? '')
  const named = failed.flatMap(({ summary }) => summary?.failures ?? []).flatMap(({ file }) => file ?? [])
  const files = [...new Set(named)].filter((path) => view.paths.includes(path)).slice(0, most.files)
  const read = files.map(async (path) => (await view.read(path))?.toString('utf8').slice(0, most.characters))
  return { said: said.join('\n'), files: (await Promise.all(read)).join('\n') }
}

/**
 * Of all packages that moved, those that failures name, by what sources import them by or by what they are called; what is
 * said comes before what the files import. For an update of something that has no interface itself and decides on versions
 * of others: a parent, a bill of materials, a preset. `namespaces` are of the versions before.
 */
export function movesNamed(
  moves: readonly PackageMove[],
  { said, files }: FailureTexts,
  namespaces: ReadonlyMap<string, readonly string[]>,
): { readonly moved: readonly MovedWith[]; readonly changes: readonly ApiChange[] } {
  const [first, words] = [dottedNames(said), dottedNames(`${said}\n${files}`)]
  const imported = (name: string): number => {
    const own = namespaces.get(name)?.map((one) => one.toLowerCase()) ?? []
    const count = (named: ReadonlySet<string>): number => own.filter((one) => named.has(one)).length
    return importedWeight * (count(first) * importedWeight + count(words))
  }
  const named = moves
    .map((move) => ({ move, score: imported(move.name) + scoreOf(move.name, words) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || one.move.name.localeCompare(other.move.name))
    .map(({ move }) => move)
  const changes = named.flatMap(({ name, before, after }): readonly ApiChange[] => {
    if (before.length > 0 && after.length > 0) return []
    const kind = before.length > 0 ? 'removed' : 'added'
    return [{ name, word: name, kind, of: 'package', before: [], after: [] }]
  })
  const moved = named.flatMap(({ name, before, after }): readonly MovedWith[] => {
    const [from, to] = [before.at(-1), after.at(-1)]
    return from === undefined || to === undefined ? [] : [{ name, from, to }]
  })
  return { moved, changes: changes.slice(0, most.changes) }
}

/** A package that sources import counts for more than one that is only called so. */
const importedWeight = 10

/** Names of several words, as `org.example.web.Page`; each with the ones around it. */
function dottedNames(texts: string): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [name] of texts.matchAll(/[A-Za-z_@][\w-]*(?:[./][\w-]+)+/g)) {
    const parts = name.split(/[./]/)
    for (let end = 1; end <= parts.length; end += 1) found.add(parts.slice(0, end).join('.').toLowerCase())
  }
  return found
}

/** By the words that a package is called: all of its group must be named, and then the more of its own name the better. */
function scoreOf(name: string, words: ReadonlySet<string>): number {
  const [group = '', own = ''] = name.toLowerCase().split(/[:/]/)
  if (!group.includes('.') && !group.startsWith('@')) return words.has(group) ? 1 : 0
  if (!words.has(group)) return 0
  const last = group.split('.').at(-1) ?? ''
  const parts = own
    .split(/[.-]/)
    .filter((part) => part !== '' && part !== last && !group.split('.').includes(part))
  const met = parts.filter((part) => words.has(`${group}.${part}`)).length
  return group.split('.').length + met - (parts.length - met) / 10
}
