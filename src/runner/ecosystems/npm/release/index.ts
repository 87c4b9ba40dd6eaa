import { changelogName, notesBetween } from '../../release/changelog.ts'
import { type Api, difference, inOrder, ownerOf } from '../../release/difference.ts'
import type { PublishedVersion } from '../../release/reader.ts'
import type { ApiChange, Release } from '../../release/release.ts'
import type { Words } from '../../release/words.ts'
import { apiOf, isTyped } from './api.ts'
import type { Pair } from './brought.ts'
import { commandsOf, manifestOf } from './entries.ts'
import { type PackageFiles, readTarball } from './tarball.ts'

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

interface Compared {
  readonly old: Api
  readonly now: Api
  readonly source: Release['source']
}

function compared(before: PackageFiles, after: PackageFiles): Compared {
  const source = isTyped(before) && isTyped(after) ? 'declarations' : 'javascript'
  return { old: apiOf(before, source), now: apiOf(after, source), source }
}

function changesOf({ old, now, source }: Compared): readonly ApiChange[] {
  const changes = difference(old, now)
  return source === 'javascript' ? withoutUnread(changes, now) : changes
}

/**
 * What a package that is brought along declares differently; of the package as a whole that says nothing. Of what
 * others wrote of it only that what still has members lost one: the rest differs for reasons of their own.
 */
function changesBeside({ name, typings, handed }: Pair, both: Compared): readonly ApiChange[] {
  const owners = new Set([...both.now.members.keys()].map(ownerOf))
  const isGone = ({ kind, name: one }: ApiChange) =>
    kind === 'removed' && one.includes('.') && owners.has(ownerOf(one))
  return changesOf(both)
    .filter((change) => change.of === 'member' && (typings !== true || isGone(change)))
    .map((change) => ({
      ...{ ...change, brought: name },
      ...(handed === true && change.kind === 'removed' ? { elsewhere: true as const } : {}),
    }))
}

function joined(all: readonly (Words | undefined)[]): Words | undefined {
  const words = all.filter((one) => one !== undefined)
  if (words.length < all.length) return undefined
  const every = (pick: (one: Words) => ReadonlySet<string>) => new Set(words.flatMap((one) => [...pick(one)]))
  return {
    all: every((one) => one.all),
    names: every((one) => one.names),
    values: every((one) => one.values),
    code: every((one) => one.code),
    refusals: every((one) => one.refusals),
    files: words.reduce((sum, { files }) => added(sum, files), new Map<string, number>()),
  }
}

function added(sum: ReadonlyMap<string, number>, more: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...sum, ...[...more].map(([word, count]) => [word, (sum.get(word) ?? 0) + count] as const)])
}

function withWords({ words: _, ...api }: Api, words: Words | undefined): Api {
  return words === undefined ? api : { ...api, words }
}

/**
 * What changed between two published tarballs. Declarations are compared where both versions have them; else what
 * their JavaScript exports, by name alone. What they bring along is told where the package itself says nothing.
 */
export async function npmRelease(
  from: PublishedVersion,
  to: PublishedVersion,
  pairs: readonly Pair[] = [],
): Promise<Release> {
  const [before, after] = [await readTarball(from.bytes), await readTarball(to.bytes)]
  const main = compared(before, after)
  const beside = []
  for (const pair of pairs) {
    const both = compared(await readTarball(pair.from.bytes), await readTarball(pair.to.bytes))
    beside.push({ pair, both })
  }
  const all = [main, ...beside.filter(({ pair }) => pair.typings !== true).map(({ both }) => both)]
  const now = hasMovedOut(before, after) ? undefined : joined(all.map((one) => one.now.words))
  const own = changesOf({
    ...main,
    old: withWords(main.old, joined(all.map((one) => one.old.words))),
    now: withWords(main.now, now),
  })
  const known = new Set(own.map(({ name }) => name))
  const more = beside
    .flatMap(({ pair, both }) => changesBeside(pair, both))
    .filter(({ name }) => !known.has(name))
  const log = changelogName(after.keys())
  const text = log === undefined ? '' : (after.get(log) ?? '')
  return {
    notes: notesBetween(text, from.version, to.version),
    changes: [...own, ...more].sort(inOrder),
    source: main.source,
    namespaces: [],
    commands: [...new Set([before, after].flatMap((files) => commandsOf(manifestOf(files))))].sort(),
  }
}
