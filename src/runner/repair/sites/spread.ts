import { escapeRegExp } from '../../../contract/text.ts'
import { isTest, moduleOf } from '../../languages/index.ts'
import { besideCompiled } from './compiled.ts'
import type { Follower, Met } from './met.ts'
import { mentions } from './names.ts'
import { around, type Opening } from './openings.ts'
import type { SourceFile } from './sourceFile.ts'
import type { Terms } from './terms.ts'
import type { Use, Weight } from './uses.ts'

function follower({ path }: SourceFile, index: number, weight: Weight, words: readonly string[]): Follower {
  return { path, index, weight, words }
}

function linesAt(files: readonly Met[], places: readonly string[]): readonly (readonly [Met, number])[] {
  return places.flatMap((place) => {
    const [path = '', line = ''] = place.split(/:(?=\d+$)/)
    const met = files.filter(({ file }) => file.path === path || file.path.endsWith(`/${path}`))
    return met.length === 1 && met[0] !== undefined ? [[met[0], Number(line) - 1] as const] : []
  })
}

/** Heads of the calls of the package that a line of a stack trace stands in: the line is one argument of theirs. */
function headsOfFrames(files: readonly Met[], { frames }: Terms): readonly Follower[] {
  return linesAt(files, frames).flatMap(([{ file, names }, index]) =>
    [...around(file.openAt(index))]
      .filter(({ sign, row, head }) => sign === '(' && row < index && mentions(head, names))
      .map(({ row }) => follower(file, row, 'gone', [])),
  )
}

/** The head of a function that fails at a member that is gone, and that a file of the repository calls: it may need more. */
function headsOfWrappers(files: readonly Met[], { frames }: Terms): readonly Follower[] {
  const own = linesAt(files, frames).filter(([{ file }]) => !isTest(file.path))
  return own.slice(0, -1).flatMap(([met, index], at) => {
    const next = own[at + 1]
    const use = met.uses.find((one) => one.index === index && one.weight === 'gone')
    const head = use === undefined ? undefined : functionAround(met.file, index)
    if (use === undefined || head?.name === undefined || next === undefined) return []
    const line = next[0].file.lines[next[1]] ?? ''
    return new RegExp(`(?<![\\w$])${escapeRegExp(head.name)}\\(`).test(line)
      ? [follower(met.file, head.line, 'gone', use.words)]
      : []
  })
}

/** A compiler points at the annotation; what has to change is what it stands on. */
function belowAnnotations(files: readonly Met[], { places }: Terms): readonly Follower[] {
  return linesAt(files, places).flatMap(([{ file }, index]) => {
    if (!/^\s*@\w+\s*$/.test(file.lines[index] ?? '')) return []
    const next = file.lines.findIndex((line, at) => at > index && !/^\s*@\w+/.test(line))
    return next < 0 ? [] : [follower(file, next, 'gone', [])]
  })
}

const failed = /\(\s*(_?e(?:rr(?:or)?)?)\s*[,)]|function\s*\w*\(\s*(_?e(?:rr(?:or)?)?)\s*[,)]/i

/** What looks after the error in a callback that is not called any more. */
function inCallbacks({ file, uses }: Met, { uncalled, whole }: Terms): readonly Follower[] {
  const calls = uses.filter(({ weight, words }) => {
    return (
      words.some((word) => uncalled.has(word)) || (whole && weight === 'gone' && uncalled.has('export ='))
    )
  })
  return calls.flatMap(({ index, weight, words }) => {
    const line = file.lines[index] ?? ''
    const name = failed
      .exec(line)
      ?.slice(1)
      .find((one) => one !== undefined)
    if (name === undefined) return []
    return inCallback(file, index, name).map((at) => follower(file, at, weight, words))
  })
}

/** Lines of a callback that name its error, and the one that ends it; another callback with such an error has its own. */
function inCallback(file: SourceFile, index: number, name: string): readonly number[] {
  const names = { local: new Set([name]), everywhere: new Set<string>() }
  const inside: number[] = []
  let at = index + 1
  while (isInside(file, at, index)) {
    const line = file.lines[at] ?? ''
    if (taking(name).test(line)) at = endOf(file, at)
    else if (mentions(line, names)) inside.push(at)
    at += 1
  }
  return at > index + 1 ? [...inside, at - 1] : inside
}

/** A function that has a parameter of the name, as its first. */
function taking(name: string): RegExp {
  const one = escapeRegExp(name)
  return new RegExp(
    `\\bfunction\\s*\\w*\\s*\\(\\s*${one}\\b|\\(\\s*${one}\\s*(?:,[^()]*)?\\)\\s*=>|(?<![\\w$.])${one}\\s*=>`,
  )
}

/** The last line of a block that begins on one. */
function endOf(file: SourceFile, index: number): number {
  let at = index + 1
  while (isInside(file, at, index)) at += 1
  return Math.max(index, at - 1)
}

const assigns = /^\s*([\w$.]+)\.([\w$]+)\s*=\s*(?:async\s+)?(?:function\b|\([^()]*\)\s*=>|[\w$]+\s*=>)/

/**
 * Functions that are assigned to one object where one of its members no longer takes that: those beside it, and where each
 * of them ends.
 */
function assignedBeside({ file, uses }: Met): readonly Follower[] {
  const met = uses.flatMap(({ index, weight, words }) => {
    const [, object, member = ''] = assigns.exec(file.lines[index] ?? '') ?? []
    return object !== undefined && words.includes(member) && weight !== 'import'
      ? [{ object, weight, words }]
      : []
  })
  return met.flatMap(({ object, weight, words }) =>
    file.lines.flatMap((line, at) => {
      if (assigns.exec(line)?.[1] !== object) return []
      return [at, endOf(file, at)].map((one) => follower(file, one, weight, words))
    }),
  )
}

function isInside(file: SourceFile, at: number, from: number): boolean {
  if (at >= file.lines.length) return false
  return [...around(file.openAt(at))].some(({ sign, line }) => sign === '{' && line >= from)
}

const isFunction =
  /\bfunction\b|=>\s*$|^\s*(?:(?:public|private|protected|static|override)\s+)*(?!if\b|for\b|while\b|switch\b|catch\b|with\b)[\w$]+\s*(?:<[^()]*>)?\([\s\S]*\)\s*(?::[^{]*)?$/
const nameOf =
  /\bfunction\s*\*?\s*([\w$]+)|(?:const|let|var)\s+([\w$]+)|([\w$]+)\s*[:=]\s*(?:function\b|\(|[\w$]+\s*=>)|^\s*(?:(?:public|private|protected|static|override)\s+)*([\w$]+)\s*(?:<[^()]*>)?\(/

interface Waiting {
  readonly met: Met
  readonly index: number
  readonly weight: Weight
  readonly words: readonly string[]
}

interface Head {
  readonly line: number
  readonly name?: string
  readonly text: string
}

/** The function around a line that has to wait now, unless it waits already. */
function waits({ met: { file }, index }: Waiting): Head | undefined {
  const head = functionAround(file, index)
  // What tells its caller by a callback has no need to be waited for.
  return head === undefined || /\basync\b|[(,]\s*(?:cb|callback|done|next)\s*[,)]/.test(head.text)
    ? undefined
    : head
}

function functionAround(file: SourceFile, index: number): Head | undefined {
  const text = file.lines[index] ?? ''
  // What is returned with a callback in it is no short function.
  const short = /^(?!\s*return\b)(.*?)=>\s*(?![{\s])/.exec(text)?.[1]
  const open = [...around(file.openAt(index))].find(
    ({ sign, head }: Opening) => sign === '{' && isFunction.test(head),
  )
  const head = short ?? open?.head
  if (head === undefined) return undefined
  const name = nameOf
    .exec(head)
    ?.slice(1)
    .find((one) => one !== undefined)
  return {
    line: short === undefined ? (open?.line ?? index) : index,
    text: head,
    ...(name === undefined ? {} : { name }),
  }
}

/** Lines that call a function of a file: there, and where it is taken from there. */
function callersOf(name: string, { file }: Met, files: readonly Met[]): readonly (readonly [Met, number])[] {
  const module = moduleOf(file.path)
  return files.flatMap((met) => {
    const taken = met.file.links.takes
      .filter((one) => one.module === module)
      .flatMap(({ names }) =>
        names.filter(([there]) => there === name || there === 'default').map(([, here]) => here),
      )
    const names = met.file === file ? [name] : taken
    if (names.length === 0) return []
    const call = new RegExp(
      `(?<![\\w$.]|function )(?:${names.map(escapeRegExp).join('|')})\\(|(?<=\\b(?:this|${names.map(escapeRegExp).join('|')})\\.)${escapeRegExp(name)}\\(`,
    )
    return met.file.lines.flatMap((line, at) => (call.test(line) ? [[met, at] as const] : []))
  })
}

const depth = 3

const longestBody = 4

/** A method that overrides one which is gone goes or becomes another with what it does. */
function bodiesOf({ file, uses }: Met): readonly Follower[] {
  return uses.flatMap(({ index, weight, words }) => {
    const line = file.lines[index] ?? ''
    if (weight !== 'gone' || !/\)[^;={}]*\{\s*$/.test(line)) return []
    const block = file.openAt(index + 1)
    if (block?.row !== index || !/\bclass\b/.test(block.up?.head ?? '')) return []
    const inside: Follower[] = []
    for (let at = index + 1; isInside(file, at, index); at += 1)
      if (/\w/.test(file.lines[at] ?? '')) inside.push(follower(file, at, weight, words))
    return inside.length > longestBody ? [] : inside
  })
}

const longestValue = 8

/** The value of a key that is gone, or takes another kind now, goes with it. */
function valuesOf({ file, uses }: Met, { narrowed }: Terms): readonly Follower[] {
  return uses.flatMap(({ index, weight, words }) => {
    const line = file.lines[index] ?? ''
    const key = /^\s*['"]?([\w$]+)['"]?\s*:.*[{[(]\s*$/.exec(line)?.[1]
    if (key === undefined || !words.includes(key) || (weight !== 'gone' && !narrowed.has(key))) return []
    const inside: Follower[] = []
    for (let at = index + 1; isWithin(file, at, index); at += 1)
      if (/\S/.test(file.lines[at] ?? '')) inside.push(follower(file, at, weight, words))
    return inside.length > longestValue ? [] : inside
  })
}

function isWithin(file: SourceFile, at: number, from: number): boolean {
  if (at >= file.lines.length) return false
  return [...around(file.openAt(at))].some(({ row }) => row >= from)
}

/** The import that a file has of the package, where what it uses has to be imported now. */
function importsOf({ file, uses }: Met, { imported }: Terms): readonly Follower[] {
  const words = uses.filter(({ weight }) => weight === 'gone').flatMap((use) => use.words)
  const met = words.filter((word) => imported.has(word) && !file.bound.has(word))
  if (met.length === 0) return []
  return file.imports.slice(0, 1).map((index) => follower(file, index, 'gone', met))
}

/** What a class hands up to one that is gone, and what it writes over of it by the custom of a leading underscore. */
function belowGone({ file, uses }: Met): readonly Follower[] {
  const classes = uses.filter(({ index, weight }) => {
    return weight === 'gone' && /\bclass\b.*\bextends\b/.test(file.lines[index] ?? '')
  })
  return classes.flatMap(({ index, weight, words }) => {
    const inside: Follower[] = []
    for (let at = index + 1; isInside(file, at, index); at += 1)
      if (/^\s*(?:super\(|_\w+\(.*\{\s*$)/.test(file.lines[at] ?? ''))
        inside.push(follower(file, at, weight, words))
    return inside
  })
}

/** Functions around what gives a promise now, and those that call them. */
function waitingFor(files: readonly Met[], { promised, pending }: Terms): readonly Follower[] {
  const found = new Map<string, Follower>()
  const isPending = ({ words, weight }: Use) =>
    words.some((word) => promised.has(word)) || (pending && promised.size === 0 && weight !== 'import')
  let next = files.flatMap((met) => met.uses.filter(isPending).map((use): Waiting => ({ met, ...use })))
  for (let round = 0; round < depth && next.length > 0; round += 1)
    next = next.flatMap((one) => {
      const { met, weight, words } = one
      const around = waits(one)
      if (around === undefined) return []
      found.set(`${met.file.path}:${around.line}`, follower(met.file, around.line, weight, words))
      if (around.name === undefined) return []
      return callersOf(around.name, met, files).flatMap(([caller, index]) => {
        const key = `${caller.file.path}:${index}`
        if (found.has(key) || /\bawait\b/.test(caller.file.lines[index] ?? '')) return []
        found.set(key, follower(caller.file, index, weight, words))
        return [{ met: caller, index, weight, words }]
      })
    })
  return [...found.values()]
}

/** Lines that have to change with others, by how they stand to them and not by what they name. */
export function followersOf(files: readonly Met[], terms: Terms): readonly Follower[] {
  return [
    ...headsOfFrames(files, terms),
    ...belowAnnotations(files, terms),
    ...besideCompiled(files, terms.unknown),
    ...headsOfWrappers(files, terms),
    ...files.flatMap((met) => {
      const below = belowGone(met)
      const bodies = bodiesOf({ ...met, uses: [...met.uses, ...below] })
      return [...below, ...bodies, ...valuesOf(met, terms), ...importsOf(met, terms), ...assignedBeside(met)]
    }),
    ...(terms.uncalled.size === 0 ? [] : files.flatMap((met) => inCallbacks(met, terms))),
    ...(terms.promised.size === 0 && !terms.pending ? [] : waitingFor(files, terms)),
  ]
}
