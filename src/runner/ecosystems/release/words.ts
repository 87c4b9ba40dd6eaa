import type { ApiChange } from './release.ts'

/** Words of one version's source, by what they are read for. */
export interface Words {
  /** Every name and every string that is a word. */
  readonly all: ReadonlySet<string>
  /** Names of properties that it reads of what it is given: options, keys, fields. */
  readonly names: ReadonlySet<string>
  /** Strings that it compares with what it is given, or that it tells others by: events, values, codes. */
  readonly values: ReadonlySet<string>
}

const most = 1_500

function resembles(old: string, now: string): boolean {
  const [a, b] = [old.toLowerCase(), now.toLowerCase()]
  return Math.min(a.length, b.length) > 3 && (a.includes(b) || b.includes(a))
}

function changeOf(word: string, kind: 'removed' | 'added', how: string): ApiChange {
  const sides = kind === 'removed' ? { before: [how], after: [] } : { before: [], after: [how] }
  return { name: word, word, kind, of: 'word', ...sides }
}

/**
 * Words that the old version's source read and that are nowhere in the new one's; what nobody declares is seen by that
 * alone. Of new words those that are like one that is gone.
 */
export function wordChanges(before: Words | undefined, after: Words | undefined): readonly ApiChange[] {
  if (before === undefined || after === undefined) return []
  const gone = (words: ReadonlySet<string>) => [...words].filter((word) => !after.all.has(word)).sort()
  const [names, values] = [gone(before.names), gone(before.values)]
  const fresh = (words: ReadonlySet<string>, old: readonly string[]) =>
    [...words].filter((word) => !before.all.has(word) && old.some((one) => resembles(one, word))).sort()
  return [
    ...names.map((word) => changeOf(word, 'removed', word)),
    ...values.filter((word) => !before.names.has(word)).map((word) => changeOf(word, 'removed', `'${word}'`)),
    ...fresh(after.names, names).map((word) => changeOf(word, 'added', word)),
    ...fresh(after.values, values).map((word) => changeOf(word, 'added', `'${word}'`)),
  ].slice(0, most)
}
