import { changelogName, notesBetween } from '../../release/changelog.ts'
import { type Api, difference, inOrder, type Member, type Signature } from '../../release/difference.ts'
import type { PublishedVersion } from '../../release/reader.ts'
import type { ApiChange, Release } from '../../release/release.ts'
import { access, type ClassFile, type ClassMember } from './classFile.ts'
import { type Jar, readJar } from './jar.ts'
import { classText, dotted, kindOf, memberText, ownName } from './javaText.ts'
import { likeBefore, type Moved, movedTypes, newDuties, underNewNames, withMovedTypes } from './moves.ts'
import { serviceChanges } from './services.ts'

const visible = access.public | access.protected
const maxDepth = 20
const maxNamespaces = 200

function isVisible(flags: number): boolean {
  return (flags & visible) !== 0 && (flags & access.synthetic) === 0
}

/** Public itself, and within public ones; numbered classes have no name in the source. */
function isPublicClass({ classes }: Jar, { name, flags }: ClassFile): boolean {
  if (!isVisible(flags) || /\$\d/.test(name)) return false
  const outer = name.lastIndexOf('$')
  const around = outer < 0 ? undefined : classes.get(name.slice(0, outer))
  return around === undefined || isPublicClass({ classes } as Jar, around)
}

function nameOf(owner: ClassFile, { name }: ClassMember): string {
  return `${dotted(owner.name)}.${name === '<init>' ? ownName(owner.name) : name}`
}

function ownMembers(owner: ClassFile): readonly ClassMember[] {
  return owner.members.filter(({ flags, name }) => isVisible(flags) && name !== '<clinit>')
}

function add(members: Map<string, Member>, name: string, signature: Signature, deprecated: boolean): void {
  const known = members.get(name)
  members.set(name, {
    signatures: [...(known?.signatures ?? []), signature],
    deprecated: deprecated && known?.deprecated !== false,
  })
}

/** Names that a class has from its superclasses and interfaces in the same jar; constructors are not passed on. */
function inheritedNames(jar: Jar, read: ClassFile, owner: string, into: Set<string>, depth = 0): void {
  if (depth > maxDepth) return
  for (const base of [read.superName ?? '', ...read.interfaces]) {
    const found = jar.classes.get(base)
    if (found === undefined) continue
    for (const { name } of ownMembers(found)) if (name !== '<init>') into.add(`${owner}.${name}`)
    inheritedNames(jar, found, owner, into, depth + 1)
  }
}

/**
 * A key says what a caller is bound to: types, whether it is static, who may call it. A constructor of an abstract class
 * is called by those that extend it, whether it is public or not.
 */
function keyOf(owner: ClassFile, { flags, descriptor, name }: ClassMember): string {
  const byHeirs = name === '<init>' && (owner.flags & access.abstract) !== 0
  return `${flags & (access.static | (byHeirs ? 0 : access.protected))} ${descriptor}`
}

/** Of all types, or of some by their internal names. */
function apiOf(jar: Jar, only?: ReadonlySet<string>): Api {
  const members = new Map<string, Member>()
  const inherited = new Set<string>()
  let newest = 0
  for (const read of jar.classes.values()) {
    newest = Math.max(newest, read.major)
    if (!isPublicClass(jar, read) || only?.has(read.name) === false) continue
    const owner = dotted(read.name)
    add(members, owner, { text: classText(read), key: kindOf(read) }, read.deprecated)
    for (const one of ownMembers(read)) {
      const full = memberText(read, one, dotted)
      add(
        members,
        nameOf(read, one),
        { text: memberText(read, one), full, key: keyOf(read, one) },
        one.deprecated,
      )
    }
    inheritedNames(jar, read, owner, inherited)
  }
  // Class files of version 52 need Java 8 (JVMS, table 4.1-A).
  const facts = new Map(newest === 0 ? [] : [['compiled for', `Java ${newest - 44}`]])
  return { members, inherited, modules: new Set(), facts, partial: jar.partial }
}

/** Java packages of both versions; one beneath another says nothing more. */
function namespacesOf(...jars: readonly Jar[]): readonly string[] {
  const all = new Set(
    jars.flatMap(({ classes }) =>
      [...classes.keys()].map((name) => dotted(name.slice(0, Math.max(0, name.lastIndexOf('/'))))),
    ),
  )
  const sorted = [...all].filter((name) => name !== '').sort()
  const roots = sorted.filter((name) => !sorted.some((other) => name.startsWith(`${other}.`)))
  return roots.slice(0, maxNamespaces)
}

/** Members that whoever follows a moved type does not find there, or finds changed. */
function movedMembers(before: Jar, after: Jar, moved: Moved): readonly ApiChange[] {
  const like = likeBefore(before, moved)
  const found = difference(apiOf(underNewNames(before, moved), like), apiOf(after, like))
  return found.filter(({ of, kind }) => of === 'member' && kind !== 'added')
}

const maxNewTypes = 500
const maxMembers = 40

/** New types with what they offer, for whoever asks for them by name. */
function withMembers(changes: readonly ApiChange[], after: Jar): readonly ApiChange[] {
  const types = new Map([...after.classes.values()].map((read) => [dotted(read.name), read]))
  let left = maxNewTypes
  return changes.map((change) => {
    const read = change.kind === 'added' ? types.get(change.name) : undefined
    if (read === undefined || left <= 0) return change
    left -= 1
    const members = ownMembers(read).map((one) => memberText(read, one))
    return { ...change, members: members.slice(0, maxMembers) }
  })
}

/** What changed between two published jars, read from their class files. */
export async function jarRelease(from: PublishedVersion, to: PublishedVersion): Promise<Release> {
  const [before, after] = [readJar(from.bytes), readJar(to.bytes)]
  const isPublic = (read: ClassFile): boolean => isPublicClass(after, read)
  const moved = movedTypes(before, after, isPublic)
  const log = changelogName(after.texts.keys())
  const text = log === undefined ? '' : (after.texts.get(log) ?? '')
  const changes = withMovedTypes(difference(apiOf(before), apiOf(after)), before, moved)
  return {
    notes: notesBetween(text, from.version, to.version),
    changes: [
      ...withMembers(changes, after),
      ...movedMembers(before, after, moved),
      ...newDuties(before, after, isPublic),
      ...serviceChanges(before, after),
    ].sort(inOrder),
    source: 'classes',
    namespaces: namespacesOf(before, after),
  }
}
