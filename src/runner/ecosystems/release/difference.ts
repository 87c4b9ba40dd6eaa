import type { ApiChange } from './release.ts'
import { type Words, wordChanges } from './words.ts'

/** One declaration: as a person reads it, and reduced to what a caller depends on. */
export interface Signature {
  readonly text: string
  /** With the whole names of its types, for where the text of both sides would be the same. */
  readonly full?: string
  readonly key: string
  /** Of a function: keys of its parameters; an optional one begins with `?`. */
  readonly parameters?: readonly string[]
}

export interface Member {
  /** More than one where it is overloaded or merged. */
  readonly signatures: readonly Signature[]
  readonly deprecated: boolean
}

/** The public interface of one version. */
export interface Api {
  /** By qualified name; the owner of a member is what stands before its last dot. */
  readonly members: ReadonlyMap<string, Member>
  /** Qualified names that exist by inheritance alone. */
  readonly inherited: ReadonlySet<string>
  /** Names of owners that may inherit more from other packages. */
  readonly open?: ReadonlySet<string>
  /** What can be imported besides the package's main module; `*` stands for anything. */
  readonly modules: ReadonlySet<string>
  /** Facts about the package as a whole, such as `engines.node`. */
  readonly facts: ReadonlyMap<string, string>
  /** A limit was met: what is missing may exist. */
  readonly partial: boolean
  /** Of its source, where that was read. */
  readonly words?: Words
}

export function ownerOf(name: string): string | undefined {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? undefined : name.slice(0, dot)
}

function has(api: Api, name: string): boolean {
  return api.members.has(name) || api.inherited.has(name)
}

function wordOf(name: string): string {
  const last = name.slice((ownerOf(name)?.length ?? -1) + 1)
  // Constructors and calls are written with the owner's own name.
  return last === 'constructor' || last === '()' ? wordOf(ownerOf(name) ?? '') : last
}

/** Kinds of which not enough is known to call a difference one, and a class where only its type was. */
function isSameKind(after: string, before: string): boolean {
  const vague = ['value', 'external', 'namespace']
  return vague.includes(before) || vague.includes(after) || (before === 'type' && after === 'class')
}

/** Alternatives of a union type, where it is a plain one. */
function alternatives(key: string): ReadonlySet<string> {
  return new Set(/[<({[]/.test(key.replace(/\[\]/g, '')) ? [key] : key.split('|'))
}

/** A parameter that takes whatever the old one took. */
function takes(now: string | undefined, old: string): boolean {
  if (now === undefined) return false
  if (now === old || now === `?${old}`) return true
  const [more, less] = [alternatives(now.replace(/^\?/, '')), alternatives(old.replace(/^\?/, ''))]
  return (now.startsWith('?') || !old.startsWith('?')) && [...less].every((one) => more.has(one))
}

/** Parameters of a function of which only its head is known, each as an object that is taken apart, or not. */
function shapes(head: string): readonly boolean[] {
  const shapes: boolean[] = []
  let depth = 0
  for (const character of head.slice(head.indexOf('('))) {
    if (depth === 1 && shapes.length === 0 && character !== ' ') shapes.push(character === '{')
    if (depth === 1 && character === ',') shapes.push(false)
    else if (depth === 1 && character === '{') shapes[shapes.length - 1] = true
    if ('([{'.includes(character)) depth += 1
    else if (')]}'.includes(character)) depth -= 1
    if (depth === 0) break
  }
  return shapes
}

/** An object where there was a value, or the other way round: whoever calls or overrides it meets that. */
function takesOtherShape(before: string, after: string): boolean {
  const now = shapes(after)
  return shapes(before).some((shape, at) => now[at] !== undefined && now[at] !== shape)
}

/** A type without what says nothing of its values: `readonly`, the namespace that it is named by. */
function bare(key: string): string {
  return key
    .replace(/^(\??):\s*/, '$1')
    .replace(/\breadonly\s*/g, '')
    .replace(/\b[\w$]+\.(?=[A-Z])/g, '')
    .replace(/(?<![\w$])Array<([\w$]+)>/g, '$1[]')
}

/** An option that takes more than before, and what was anything before. */
function isWider(after: Signature, before: Signature): boolean {
  if (after.parameters !== undefined || before.parameters !== undefined) return false
  const [old, now] = [bare(before.key), bare(after.key)]
  if (/^\??(?:any|unknown)$/.test(old) || old === now) return true
  return old.startsWith('?') && now.startsWith('?') && takes(now, old.slice(1))
}

/** What a caller gives still fits: wider types, and more parameters that nobody must give. */
function accepts(after: Signature, before: Signature): boolean {
  if (after.key === 'function' && before.key === 'function') return !takesOtherShape(before.text, after.text)
  if (after.key === before.key || isSameKind(after.key, before.key) || isWider(after, before)) return true
  if (after.parameters === undefined || before.parameters === undefined) return false
  const [old, now] = [before.parameters, after.parameters]
  return (
    now.length >= old.length &&
    old.every((parameter, at) => takes(now[at], parameter)) &&
    now.slice(old.length).every((parameter) => /^[?.]/.test(parameter)) &&
    before.key.slice(before.key.lastIndexOf('=>')) === after.key.slice(after.key.lastIndexOf('=>'))
  )
}

function texts(signatures: readonly Signature[], whole = false): readonly string[] {
  return [...new Set(signatures.map(({ text, full }) => (whole ? (full ?? text) : text)))]
}

function compare(name: string, before: Member, after: Member): ApiChange | undefined {
  const gone = before.signatures.filter((one) => !after.signatures.some((other) => accepts(other, one)))
  const known = new Set(before.signatures.map(({ key }) => key))
  const fresh = after.signatures.filter(({ key }) => !known.has(key))
  const common = { name, word: wordOf(name), of: 'member' as const }
  if (gone.length > 0) {
    const instead = fresh.length > 0 ? fresh : after.signatures
    const whole = texts(gone).some((text) => texts(instead).includes(text))
    return { ...common, kind: 'changed', before: texts(gone, whole), after: texts(instead, whole) }
  }
  if (after.deprecated && !before.deprecated) {
    return { ...common, kind: 'deprecated', before: texts(before.signatures), after: [] }
  }
  return undefined
}

/** What an owner extends is in another package, and the member's name is still in the source. */
function mayInherit(name: string, { open, words }: Api): boolean {
  return open?.has(ownerOf(name) ?? '') === true && words?.all.has(wordOf(name)) !== false
}

function lost(name: string, before: Api, after: Api): ApiChange | undefined {
  const owner = ownerOf(name)
  // Where the whole owner is gone, that says it all.
  const withOwner = owner !== undefined && before.members.has(owner) && !has(after, owner)
  if (has(after, name) || after.partial || withOwner || mayInherit(name, after)) return undefined
  const signatures = before.members.get(name)?.signatures ?? []
  return {
    name,
    word: wordOf(name),
    kind: 'removed',
    of: 'member',
    before: texts(signatures),
    after: [],
  }
}

function gained(name: string, before: Api, after: Api): ApiChange | undefined {
  const owner = ownerOf(name)
  const withOwner = owner !== undefined && after.members.has(owner) && !has(before, owner)
  if (has(before, name) || before.partial || withOwner) return undefined
  const signatures = after.members.get(name)?.signatures ?? []
  return { name, word: wordOf(name), kind: 'added', of: 'member', before: [], after: texts(signatures) }
}

function importable(modules: ReadonlySet<string>, wanted: string): boolean {
  if (modules.has(wanted) || modules.has(wanted.replace(/\.[cm]?js$/, ''))) return true
  return [...modules].some((pattern) => {
    const [head, tail] = pattern.split('*')
    return tail !== undefined && wanted.startsWith(head ?? '') && wanted.endsWith(tail)
  })
}

function moduleChanges(before: Api, after: Api): ApiChange[] {
  if (after.partial) return []
  return [...before.modules]
    .filter((name) => !name.includes('*') && !importable(after.modules, name))
    .map((name) => ({ name, word: name, kind: 'removed', of: 'module', before: [], after: [] }))
}

function factChanges(before: Api, after: Api): ApiChange[] {
  const names = [...new Set([...before.facts.keys(), ...after.facts.keys()])]
  return names.flatMap((name): ApiChange[] => {
    const [old, now] = [before.facts.get(name), after.facts.get(name)]
    if (old === now) return []
    const sides = { before: old === undefined ? [] : [old], after: now === undefined ? [] : [now] }
    return [{ name, word: name, kind: 'changed', of: 'package', ...sides }]
  })
}

export function inOrder(a: ApiChange, b: ApiChange): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

function membersByOwner(api: Api): ReadonlyMap<string, readonly string[]> {
  const owners = new Map<string, string[]>()
  for (const name of api.members.keys()) {
    const owner = ownerOf(name)
    if (owner === undefined) continue
    const known = owners.get(owner)
    const word = name.slice(owner.length + 1)
    if (known === undefined) owners.set(owner, [word])
    else known.push(word)
  }
  return owners
}

const leastMoved = 4

/** Owners most of whose members are found under a name that is new: by the old name, the new one. */
function renamedOwners(before: Api, after: Api): ReadonlyMap<string, string> {
  const [old, now] = [membersByOwner(before), membersByOwner(after)]
  const fresh = [...now]
    .filter(([owner]) => !old.has(owner))
    .map(([owner, words]) => [owner, new Set(words)] as const)
  const renamed = new Map<string, string>()
  for (const [owner, words] of old) {
    const gone = words.filter((word) => !has(after, `${owner}.${word}`))
    if (gone.length < leastMoved || gone.length < words.length / 2) continue
    const least = Math.max(leastMoved, gone.length / 2)
    const likely = fresh
      .map(([name, set]) => ({ name, shared: gone.filter((word) => set.has(word)).length }))
      .filter(({ shared }) => shared >= least)
    // Of those that share as many, annotations often, the one that is called the same.
    const isNamesake = (name: string): number => Number(wordOf(name) === wordOf(owner))
    const [best] = likely.toSorted((a, b) => b.shared - a.shared || isNamesake(b.name) - isNamesake(a.name))
    if (best !== undefined) renamed.set(owner, best.name)
  }
  return renamed
}

/** Tells of a move as one change, in the place of one for each member that moved. */
function withMoves(changes: readonly ApiChange[], before: Api, after: Api): readonly ApiChange[] {
  const renamed = renamedOwners(before, after)
  const targets = new Set(renamed.values())
  const isMoved = ({ name, kind }: ApiChange) => {
    const owner = ownerOf(name) ?? ''
    const to = renamed.get(owner)
    if (kind === 'removed' && to !== undefined) return has(after, `${to}${name.slice(owner.length)}`)
    return kind === 'added' && targets.has(owner)
  }
  const [old, now] = [membersByOwner(before), membersByOwner(after)]
  const moves = [...renamed].map(([name, to]): ApiChange => {
    const kind = has(after, name) ? 'changed' : 'removed'
    const hint = [`most of its members are now those of ${to}`]
    // Where the owner stays and has others, what is given to it meets that its members went.
    const owner = now.has(name) ? name : to
    const lost = (old.get(name) ?? []).filter((word) => isWritten(word) && !has(after, `${owner}.${word}`))
    return { name, word: wordOf(name), kind, of: 'member', before: [name], after: hint, ...withLost(lost) }
  })
  const told = new Set(moves.map(({ name }) => name))
  return [...moves, ...changes.filter((change) => !isMoved(change) && !told.has(change.name))]
}

function withLost(words: readonly string[]): Pick<ApiChange, 'lost'> {
  return words.length === 0 ? {} : { lost: words }
}

/** What code may still be written with: no member may be known of a name that its source has. */
function wordsOf({ members, words }: Api): ReadonlySet<string> {
  return new Set([...[...members.keys()].map(wordOf), ...(words?.all ?? [])])
}

/** Something that code names: no class of an enumeration, and not what has no name. */
function isWritten(word: string): boolean {
  return /^[a-z_$]/.test(word) && word !== 'constructor'
}

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const word of names.map(wordOf)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** What went with an owner that is gone, and whether a word that is gone here is kept there. */
function withWords(changes: readonly ApiChange[], before: Api, after: Api): readonly ApiChange[] {
  const [old, now] = [membersByOwner(before), wordsOf(after)]
  const kept = counted([...before.members.keys()].filter((name) => after.members.has(name)))
  const gone = counted(changes.filter(({ kind }) => kind === 'removed').map(({ name }) => name))
  return changes.map((change) => {
    if (change.kind !== 'removed' || change.of !== 'member' || change.lost !== undefined) return change
    // A word that no declaration has may still be one that the source reads.
    const all = after.words === undefined ? [] : (old.get(change.name) ?? [])
    const lost = all.filter((word) => isWritten(word) && !now.has(word))
    const isMore = (kept.get(change.word) ?? 0) > (gone.get(change.word) ?? 0)
    const elsewhere = isMore ? { elsewhere: true as const } : {}
    return { ...change, ...withLost(lost), ...elsewhere }
  })
}

/** What a caller of one version meets in the other, in the order of names. */
export function difference(before: Api, after: Api): readonly ApiChange[] {
  const changes: readonly ApiChange[] = [
    ...factChanges(before, after),
    ...moduleChanges(before, after),
    ...[...before.members].flatMap(([name, member]) => {
      const now = after.members.get(name)
      return (now === undefined ? lost(name, before, after) : compare(name, member, now)) ?? []
    }),
    ...[...after.members.keys()].flatMap((name) =>
      before.members.has(name) ? [] : (gained(name, before, after) ?? []),
    ),
  ]
  // What is new elsewhere may be what an old place no longer takes.
  const known = new Set(changes.filter(({ kind }) => kind !== 'added').map(({ word }) => word))
  const words = wordChanges(before.words, after.words).filter(({ word }) => !known.has(word))
  return [...withWords(withMoves(changes, before, after), before, after), ...words].sort(inOrder)
}
