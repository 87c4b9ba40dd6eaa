import type { ApiChange } from '../../release/release.ts'
import { access, type ClassFile } from './classFile.ts'
import type { Jar } from './jar.ts'
import { classText, dotted, memberText, ownName } from './javaText.ts'

/**
 * The same changes with types that are found under another package told as that: of those with its simple name a new
 * one before one that was there already, and of these the one that has most of its members.
 */
export function withMovedTypes(
  changes: readonly ApiChange[],
  before: Jar,
  after: Jar,
  isPublic: (read: ClassFile) => boolean,
): readonly ApiChange[] {
  const old = new Map([...before.classes.values()].map((read) => [dotted(read.name), read]))
  const isNew = ({ name }: ClassFile): boolean => !old.has(dotted(name))
  const byName = new Map<string, ClassFile[]>()
  for (const read of after.classes.values()) {
    if (!isPublic(read)) continue
    const word = ownName(read.name)
    byName.set(word, [...(byName.get(word) ?? []), read])
  }
  return changes.map((change) => {
    const gone = change.kind === 'removed' && change.after.length === 0 ? old.get(change.name) : undefined
    const namesakes = gone === undefined ? [] : (byName.get(ownName(gone.name)) ?? [])
    const [fresh, known] = [namesakes.filter(isNew), namesakes.filter((one) => !isNew(one))]
    const found =
      gone === undefined ? undefined : (likest(gone, fresh) ?? likest(gone, known, gone.members.length / 2))
    return found === undefined ? change : { ...change, after: [`moved to ${dotted(found.name)}`] }
  })
}

function likest(gone: ClassFile, candidates: readonly ClassFile[], least = 0): ClassFile | undefined {
  const words = new Set(gone.members.map(({ name }) => name))
  const shared = ({ members }: ClassFile): number => members.filter(({ name }) => words.has(name)).length
  const best = candidates.toSorted((a, b) => shared(b) - shared(a))[0]
  return best === undefined || shared(best) < least ? undefined : best
}

/** Methods that whoever implements or extends a type has to write from now on, each type's in one change. */
export function newDuties(
  before: Jar,
  after: Jar,
  isPublic: (read: ClassFile) => boolean,
): readonly ApiChange[] {
  return [...after.classes.values()].flatMap((read): ApiChange[] => {
    const old = before.classes.get(read.name)
    const isOpen = (read.flags & access.abstract) !== 0 && (read.flags & access.annotation) === 0
    if (old === undefined || !isOpen || !isPublic(read)) return []
    const known = new Set(old.members.map(({ name, descriptor }) => name + descriptor))
    const duties = read.members.filter(
      ({ kind, flags, name, descriptor }) =>
        kind === 'method' && (flags & access.abstract) !== 0 && !known.has(name + descriptor),
    )
    if (duties.length === 0) return []
    const name = dotted(read.name)
    const common = { name, word: ownName(read.name), kind: 'changed', of: 'member' } as const
    return [
      {
        ...{ ...common, before: [classText(old)] },
        after: duties.map((one) => `to be implemented: ${memberText(read, one)}`),
      },
    ]
  })
}
