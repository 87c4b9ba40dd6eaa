import { escapeRegExp } from '../../../contract/text.ts'
import type { ApiChange, Release } from '../../ecosystems/release/release.ts'

function ownerOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? '' : name.slice(0, dot)
}

/** A declaration without its own name: what else it says. */
function shape({ word }: ApiChange, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const bare = text.replace(new RegExp(`(?<![\\w$])${escapeRegExp(word)}(?![\\w$])`), '')
  return bare.replace(/\s+/g, '') === '' ? undefined : bare
}

/** `relax` and `relax_quotes`, `sync` and `execaSync`: one name is a part of the other. */
function resembles(old: string, now: string): boolean {
  const [a, b] = [bare(old), bare(now)]
  if (Math.min(a.length, b.length) < 3) return false
  return b.includes(a) || a.includes(b)
}

function notesOf({ notes }: Release): readonly string[] {
  return notes.flatMap(({ text }) => text.split('\n')).filter((line) => line.length < 300)
}

function says(line: string, word: string): boolean {
  return new RegExp(`(?<![\\w$-])${escapeRegExp(word)}(?![\\w$-])`).test(line)
}

function bare(word: string): string {
  return word.replace(/[^A-Za-z0-9]/g, '').toLowerCase()
}

/** The one that fits, where only one does; `relax_quotes` and `relaxQuotes` are one. */
function only(all: readonly ApiChange[]): ApiChange | undefined {
  return new Set(all.map(({ word }) => bare(word))).size === 1 ? all.at(-1) : undefined
}

/**
 * What a removed member is probably called now: the changelog names both in one line; or it has the same declaration
 * or a name like it among the new members of the same owner, and no other has.
 */
export function renames(release: Release): ReadonlyMap<ApiChange, string> {
  const { changes } = release
  const added = changes.filter(({ kind, of }) => kind === 'added' && of === 'member')
  const lines = notesOf(release)
  const byOwner = new Map<string, ApiChange[]>()
  for (const one of added) {
    const owner = ownerOf(one.name)
    const known = byOwner.get(owner)
    if (known === undefined) byOwner.set(owner, [one])
    else known.push(one)
  }
  const found = new Map<ApiChange, string>()
  for (const gone of changes.filter(({ kind, of }) => kind === 'removed' && of === 'word')) {
    const near = changes.filter(({ kind, of }) => kind === 'added' && of === 'word')
    const match = only(near.filter(({ word }) => resembles(gone.word, word)))
    if (match !== undefined) found.set(gone, match.after[0] ?? match.name)
  }
  for (const gone of changes.filter(({ kind, of }) => kind === 'removed' && of === 'member').slice(0, 300)) {
    const near = byOwner.get(ownerOf(gone.name)) ?? []
    const told = lines.filter((line) => line.includes(gone.word) && says(line, gone.word))
    const noted = near.filter(({ word }) => told.some((line) => says(line, word)))
    const declared = shape(gone, gone.before[0])
    const alike = near.filter((one) => declared !== undefined && shape(one, one.after[0]) === declared)
    const match =
      only(noted) ??
      only(alike.filter(({ word }) => resembles(gone.word, word))) ??
      only(alike) ??
      only(near.filter(({ word }) => resembles(gone.word, word)))
    if (match !== undefined) found.set(gone, match.name)
  }
  return found
}
