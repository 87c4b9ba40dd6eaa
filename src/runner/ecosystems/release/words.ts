import type { ApiChange } from './release.ts'

/** Words of one version's source, by what they are read for. */
export interface Words {
  /** Every name and every string that is a word. */
  readonly all: ReadonlySet<string>
  /** Names of properties that it reads of what it is given: options, keys, fields. */
  readonly names: ReadonlySet<string>
  /** Strings that it compares with what it is given, or that it tells others by: events, values, codes. */
  readonly values: ReadonlySet<string>
  /** Of all words those of its code: what only a declaration still names is read by nobody. */
  readonly code: ReadonlySet<string>
  /** What it says to whoever gives it something that it does not take any more. */
  readonly refusals: ReadonlySet<string>
  /** In how many files each name is read. */
  readonly files: ReadonlyMap<string, number>
}

const most = 1_500

function resembles(old: string, now: string): boolean {
  const [a, b] = [old.toLowerCase(), now.toLowerCase()]
  return Math.min(a.length, b.length) > 3 && (a.includes(b) || b.includes(a))
}

const leastFiles = 3

/** Names that are still read somewhere, and not where most of the old source read them. */
function mostlyGone(before: Words, after: Words, gone: ReadonlySet<string>): readonly ApiChange[] {
  return [...before.files].flatMap(([word, old]): readonly ApiChange[] => {
    const now = after.files.get(word) ?? 0
    if (old < leastFiles || now > old / 2 || now === 0 || gone.has(word)) return []
    const sides = { before: [`in ${old} files`], after: [`in ${now}`] }
    return [{ name: word, word, kind: 'changed', of: 'word', ...sides }]
  })
}

const instead = /\b(?:use|instead|in favou?r|see|to)\b/i
const named =
  /[`'"]([\w$.]+)[`'"]|\b([a-z]+[A-Z]\w*)\b|^(?:the |option )?([a-z]\w+)(?= (?:is|are|has|option)\b)/gi

/** What a sentence says is not taken any more: `redirects is not supported, use …`. */
function refusedBy(sentence: string): readonly string[] {
  const before = sentence.split(instead)[0] ?? ''
  return [...before.matchAll(named)].map(([, a, b, c]) => (a ?? b ?? c ?? '').split('.').at(-1) ?? '')
}

/** Names that the old source read and of which the new one says that they are gone; by the name, its sentence. */
function refusals(before: Words, after: Words): ReadonlyMap<string, string> {
  const fresh = [...after.refusals].filter((sentence) => !before.refusals.has(sentence))
  return new Map(
    fresh.flatMap((sentence) =>
      refusedBy(sentence)
        .filter((word) => before.names.has(word) && !/^options?$/.test(word))
        .map((word) => [word, sentence] as const),
    ),
  )
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
  const refused = refusals(before, after)
  const isRead = (word: string) => after.all.has(word) && (after.code.has(word) || !before.code.has(word))
  const gone = (words: ReadonlySet<string>) => [...words].filter((word) => !isRead(word)).sort()
  const [names, values] = [gone(before.names), gone(before.values)]
  const fresh = (words: ReadonlySet<string>, old: readonly string[]) =>
    [...words].filter((word) => !before.all.has(word) && old.some((one) => resembles(one, word))).sort()
  return [
    ...[...refused].map(
      ([word, sentence]): ApiChange => ({ ...changeOf(word, 'removed', word), after: [sentence] }),
    ),
    ...names.filter((word) => !refused.has(word)).map((word) => changeOf(word, 'removed', word)),
    ...mostlyGone(before, after, new Set([...names, ...refused.keys()])),
    ...values.filter((word) => !before.names.has(word)).map((word) => changeOf(word, 'removed', `'${word}'`)),
    ...fresh(after.names, names).map((word) => changeOf(word, 'added', word)),
    ...fresh(after.values, values).map((word) => changeOf(word, 'added', `'${word}'`)),
  ].slice(0, most)
}
