import { usesOf } from './names.ts'
import { around, type Opening } from './openings.ts'
import { isOwnMember, reserved } from './receivers.ts'
import type { SourceFile } from './sourceFile.ts'

/** What is known of a file where a word in it may be a member of the package. */
export interface Place {
  readonly file: SourceFile
  /** The text holds a name by which what the package gives is known. */
  readonly carries: (text: string) => boolean
  /** The word is bound in this file as a name of its own. */
  readonly isBound: (word: string) => boolean
  /** Other names that members have in this file. */
  readonly renamed: ReadonlyMap<string, string>
  /** Those of them whose members are looked for. */
  readonly aliases: ReadonlySet<string>
  /** The file hands object literals to the package, or makes those that another file does. */
  readonly feeds: boolean
  /** A key counts only where a call of the package is given it. */
  readonly certain?: true
}

/** Which words are looked for. */
export interface Wanted {
  readonly members: ReadonlySet<string>
  readonly constructors: ReadonlySet<string>
  readonly duties: ReadonlySet<string>
  readonly gone: ReadonlySet<string>
  /** Those of which only the word is known. */
  readonly words: ReadonlySet<string>
}

/** A word of a line with what stands around it. */
interface Word {
  readonly word: string
  readonly line: string
  readonly before: string
  readonly after: string
  /** What is open there. */
  readonly open: () => Opening | undefined
  /** The chain that the line goes on with, from where it begins, in one. */
  readonly begun: () => string
}

/** What stands just before a word, back to where its expression begins: `context.cache.` of `f(context.cache.del`. */
const chain = /[\w$]+(?:[?!]?\.[\w$]+|\([^()]*\)|\[[^\]]*\])*[?!]?\.$/
const modifiers =
  /^\s*(?:(?:public|private|protected|override|abstract|async|static|get|set|final|readonly|declare)\s+)*\*?\s*$/
/** A type stands before the name of a method. */
const typed = /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:[\w.]+(?:<[^()=]*>)?(?:\[\])*\s+)+$/
const declares = /\b(?:class|interface|enum|record)\b|\bnew\s+[\w.<>, ]+\([^()]*\)\s*$/

function isAccess({ word, before, open, begun }: Word, place: Place): boolean {
  const held = chain.exec(before.replace(/::$/, '.'))?.[0]
  const own = isOwnMember(word, held ?? chain.exec(begun())?.[0], place)
  if (own !== undefined) return own
  // A chain that goes on from the line above.
  if (held === undefined) return /^\s*\??\.$/.test(before) && place.file.imports.length > 0
  if (place.carries(held)) return true
  return /^(?:this|super)\.$/.test(held) && [...around(open())].some((one) => isOfPackage(one, place))
}

/** A member that a class, an interface or an object of the package's type declares. */
function isDeclared({ word, before, after, open }: Word, place: Place): boolean {
  const method = /^\s*(?:<[^()]*>)?\(/.test(after) && (modifiers.test(before) || typed.test(before))
  const field = modifiers.test(before) && /^\s*[?!]?\s*(?:=(?!=|>)|:)/.test(after)
  if (!method && !field) return false
  const block = open()
  if (block?.sign !== '{') return false
  if (declares.test(block.head)) return !/\bstatic\b/.test(before) && isOfPackage(block, place)
  // Of what looks like a method, `if (…) {` is none.
  return (
    method &&
    place.feeds &&
    place.certain !== true &&
    !reserved.has(word) &&
    /^\s*\([^)]*\)\s*(?::[^{]*)?\{/.test(after)
  )
}

/** The block is a class that extends one of the package's, or adds to a module of it. */
function isOfPackage({ head, up }: Opening, place: Place): boolean {
  const base = /\b(?:extends|implements|new)\b(.*)$/s.exec(head)?.[1]
  return declares.test(head) && ((base !== undefined && place.carries(base)) || augments(up))
}

function augments(open: Opening | undefined): boolean {
  return open?.sign === '{' && /\bdeclare\s+module\b/.test(open.head)
}

/** A property of a component, or of an annotation. */
function isAttribute({ before, after, open }: Word, place: Place): boolean {
  if (!/(?:^|[\s(,])$/.test(before) || !/^(?:\s*=(?!=)|\s*\/?>|\s|$)/.test(after)) return false
  const around = open()
  const isTag = around?.sign === '<'
  const isAnnotation = around?.sign === '(' && /@[\w.]+$/.test(around.head) && /^\s*=/.test(after)
  return (isTag || isAnnotation) && place.carries(around?.head ?? '')
}

/** A call of something of the package is given it. */
function isHanded(open: Opening | undefined, { carries }: Place): boolean {
  return [...around(open)].some(({ sign, head }) => sign === '(' && carries(head))
}

function isMember(found: Word, place: Place, words: ReadonlySet<string>): boolean {
  const { word, line, before, after, open } = found
  if (/\.$|::$/.test(before)) return isAccess(found, place)
  if (reserved.has(word)) return isDeclared(found, place)
  if (place.isBound(word) && !words.has(word)) return true
  if (/^\s*(?:const|let|var)\s*\{/.test(line)) return place.carries(line.slice(line.indexOf('}')))
  const key = /^\s*(?::(?!:)|,|\})/.test(after) && /(?:^\s*|[{,(]\s*)$/.test(before)
  if (key && place.feeds && (place.certain !== true || isHanded(open(), place))) return true
  if (/\b(?:interface|class|type)\s+$/.test(before) && [...around(open())].some(augments)) return true
  return isDeclared(found, place) || isAttribute(found, place)
}

/** The line makes an object of the class, or is one below it. */
function constructs({ word, before, after }: Word): boolean {
  return /\b(?:new|extends)\s+(?:[\w.]+\.)?$/.test(before) || (/^::new\b/.test(after) && word !== '')
}

/** What stands before a type that is implemented: in a class, without a name, or by a function. */
const implementing = /\b(?:implements|extends)\b[^{]*$|\bnew\s+(?:[\w.]+\.)?$/

/** Lines of one chain that are looked at. */
const mostAbove = 12

function chainAbove(lines: readonly string[], index: number, before: string): string {
  let text = before.trim()
  for (let at = index - 1; at >= Math.max(0, index - mostAbove) && /^\??\./.test(text); at -= 1)
    text = `${(lines[at] ?? '').trim()}${text}`
  return text
}

/** Members of the package that a line uses, by the package's own names. */
export function wordsIn(
  line: string,
  index: number,
  { members, constructors, duties, gone, words: onlyWords }: Wanted,
  place: Place,
): readonly string[] {
  const { openAt } = place.file
  const words = new Set<string>()
  for (const [word, at] of usesOf(line, { local: place.aliases, everywhere: members })) {
    const [before, after] = [line.slice(0, at), line.slice(at + word.length)]
    const begun = () => chainAbove(place.file.lines, index, before)
    const found = { word, line, before, after, open: () => openAt(index, at), begun }
    const member = place.renamed.get(word) ?? word
    if (constructors.has(word) && !constructs(found)) continue
    if (duties.has(word) && !implementing.test(before)) continue
    // What has another name here keeps it where the package renames the member.
    if (place.aliases.has(word) && !/\.$/.test(before)) {
      if (!gone.has(member)) words.add(member)
    } else if (isMember(found, place, onlyWords)) words.add(word)
  }
  return [...words]
}

/** Of types of the package those that a line gives a function for: `Listener one = (key) -> …`. */
export function functionsFor(line: string, types: ReadonlySet<string>): readonly string[] {
  if (types.size === 0 || !/[-=]>|::/.test(line)) return []
  const name = /(?:^|[\s(:])([A-Z][\w$]*)(?:<[^=]*>)?(?:\s+[\w$]+)?\s*=\s*(?:.*[-=]>|.*::)/.exec(line)?.[1]
  return name !== undefined && types.has(name) ? [name] : []
}
