import type { ApiChange } from '../../release/release.ts'
import { access, type ClassFile, type ClassMember } from './classFile.ts'
import type { Jar } from './jar.ts'
import { classText, dotted, memberText, ownName } from './javaText.ts'

/** Classes of the old version that are found under another name in the new one, by their old internal name. */
export type Moved = ReadonlyMap<string, ClassFile>

/**
 * Types that are found under another package: of those with its simple name a new one before one that was there already,
 * and of these the one that has most of its members. What is nested in a type moves with it.
 */
export function movedTypes(before: Jar, after: Jar, isPublic: (read: ClassFile) => boolean): Moved {
  const byName = new Map<string, ClassFile[]>()
  for (const read of after.classes.values()) {
    if (!isPublic(read)) continue
    const word = ownName(read.name)
    byName.set(word, [...(byName.get(word) ?? []), read])
  }
  const moved = new Map<string, ClassFile>()
  // A type comes before what is nested in it.
  const inOrder = [...before.classes.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const gone of inOrder) {
    if (after.classes.has(gone.name)) continue
    const outer = gone.name.lastIndexOf('$')
    const around = outer < 0 ? undefined : moved.get(gone.name.slice(0, outer))
    const inside = around && after.classes.get(`${around.name}${gone.name.slice(outer)}`)
    const namesakes = byName.get(ownName(gone.name)) ?? []
    const isNew = ({ name }: ClassFile): boolean => !before.classes.has(name)
    const [fresh, known] = [namesakes.filter(isNew), namesakes.filter((one) => !isNew(one))]
    const found = inside ?? likest(gone, fresh) ?? likest(gone, known, gone.members.length / 2)
    if (found !== undefined) moved.set(gone.name, found)
  }
  return moved
}

/** The same changes with types that moved told as that. */
export function withMovedTypes(
  changes: readonly ApiChange[],
  before: Jar,
  moved: Moved,
): readonly ApiChange[] {
  const old = new Map([...before.classes.keys()].map((name) => [dotted(name), name]))
  return changes.map((change) => {
    const isGone = change.kind === 'removed' && change.after.length === 0
    const found = isGone ? moved.get(old.get(change.name) ?? '') : undefined
    return found === undefined ? change : { ...change, after: [`moved to ${dotted(found.name)}`] }
  })
}

/** The old version as it would be if nothing had happened to its types but the move. */
export function underNewNames(before: Jar, moved: Moved): Jar {
  const named = (name: string): string => moved.get(name)?.name ?? name
  const inside = (text: string): string =>
    text.replaceAll(/L([^;<]+)(?=[;<])/g, (_, name) => `L${named(name)}`)
  const classes = [...before.classes.values()].map((read): ClassFile => {
    const members = read.members.map((one) => ({ ...one, descriptor: inside(one.descriptor) }))
    const { superName } = read
    return {
      ...{ ...read, members, name: named(read.name), interfaces: read.interfaces.map(named) },
      superName: superName === undefined ? undefined : named(superName),
    }
  })
  return { ...before, classes: new Map(classes.map((read) => [read.name, read])) }
}

/** Types that are still the same under their new name; of others, members that differ say nothing. */
export function likeBefore(before: Jar, moved: Moved): ReadonlySet<string> {
  const like = [...moved].filter(([name, now]) => {
    const members = before.classes.get(name)?.members ?? []
    return sharedWith(members, now) >= members.length / 2
  })
  return new Set(like.map(([, { name }]) => name))
}

function sharedWith(members: ClassFile['members'], other: ClassFile): number {
  const words = new Set(members.map(({ name }) => name))
  return other.members.filter(({ name }) => words.has(name)).length
}

function likest(gone: ClassFile, candidates: readonly ClassFile[], least = 0): ClassFile | undefined {
  const shared = (other: ClassFile): number => sharedWith(gone.members, other)
  const best = candidates.toSorted((a, b) => shared(b) - shared(a))[0]
  return best === undefined || shared(best) < least ? undefined : best
}

/**
 * Methods that whoever implements or extends a type has to write from now on, those that had a default too, and elements
 * that an annotation has to be given; each type's in one change.
 */
export function newDuties(
  before: Jar,
  after: Jar,
  isPublic: (read: ClassFile) => boolean,
): readonly ApiChange[] {
  return [...after.classes.values()].flatMap((read): ApiChange[] => {
    const old = before.classes.get(read.name)
    if (old === undefined || (read.flags & access.abstract) === 0 || !isPublic(read)) return []
    const known = new Set(dutiesOf(old).map(({ name, descriptor }) => name + descriptor))
    const duties = dutiesOf(read).filter(({ name, descriptor }) => !known.has(name + descriptor))
    if (duties.length === 0) return []
    const name = dotted(read.name)
    const common = { name, word: ownName(read.name), kind: 'changed', of: 'member' } as const
    const what = (read.flags & access.annotation) === 0 ? 'to be implemented' : 'to be given'
    const told = duties.map((one) => `${what}: ${memberText(read, one)}`)
    return [{ ...common, before: [classText(old)], after: told }]
  })
}

/** What somebody else has to write: an element with a default need not be given. */
function dutiesOf({ members }: ClassFile): readonly ClassMember[] {
  return members.filter(
    ({ kind, flags, hasDefault }) =>
      kind === 'method' && (flags & access.abstract) !== 0 && hasDefault !== true,
  )
}
