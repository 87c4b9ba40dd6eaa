import { Denied } from '../tool.ts'
import type { FileOption } from './options.ts'

const number = /^[+-]?\d{1,12}$/
const pattern = /^[^\0]{0,1024}$/

/** Tests and actions without a value. Left out: whatever runs, deletes, writes, follows links or reads further files. */
const plain = new Set([
  '-a',
  '-and',
  '-o',
  '-or',
  '-not',
  '!',
  '(',
  ')',
  ',',
  '-true',
  '-false',
  '-empty',
  '-prune',
  '-print',
  '-print0',
  '-ls',
  '-readable',
  '-writable',
  '-executable',
  '-nouser',
  '-nogroup',
  '-daystart',
  '-nowarn',
  '-noleaf',
  '-quit',
])

const valued: Readonly<Record<string, RegExp>> = {
  '-name': pattern,
  '-iname': pattern,
  '-path': pattern,
  '-ipath': pattern,
  '-wholename': pattern,
  '-iwholename': pattern,
  '-regex': pattern,
  '-iregex': pattern,
  '-regextype': /^[a-z-]{1,30}$/,
  '-type': /^[bcdpfls](,[bcdpfls])*$/,
  '-size': /^[+-]?\d{1,12}[bcwkMG]?$/,
  '-mtime': number,
  '-mmin': number,
  '-ctime': number,
  '-cmin': number,
  '-atime': number,
  '-amin': number,
  '-links': number,
  '-perm': /^[-/]?([0-7]{1,4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*)$/,
  '-lname': pattern,
  '-ilname': pattern,
  '-inum': number,
  '-uid': number,
  '-gid': number,
  '-user': /^[\w-]{1,32}$/,
  '-group': /^[\w-]{1,32}$/,
  '-printf': pattern,
}

/** Options that hold for the whole search and stand before the tests. */
const wholeSearch: Readonly<Record<string, RegExp | undefined>> = {
  '-maxdepth': /^\d{1,4}$/,
  '-mindepth': /^\d{1,4}$/,
  '-mount': undefined,
  '-xdev': undefined,
}

/** Tests against a file, which is opened by the resolver. */
const filed = /^-(newer|anewer|cnewer|samefile|newer[aBcm][aBcm])$/
/** Tests against a time in words: `-newermt 2026-01-31`. */
const timed = /^-newer[aBcm]t$/
const time = /^[\w :.,+/-]{1,60}$/

const actions = new Set(['-print', '-print0', '-printf', '-ls', '-quit'])

export interface FindArguments {
  readonly starts: readonly string[]
  /** Whole-search options, then tests and actions, checked. */
  readonly options: readonly string[]
  readonly expression: readonly (string | FileOption)[]
}

function denied(word: string): never {
  const allowed = [...Object.keys(wholeSearch), ...plain, '-newer', '-newermt', ...Object.keys(valued)].join(
    ' ',
  )
  throw new Denied(`find ${word} is not allowed. Allowed: ${allowed}`)
}

function shaped(word: string, shape: RegExp, value: string | undefined): string {
  if (value !== undefined && shape.test(value)) return value
  throw new Denied(`find ${word}: ${JSON.stringify(value ?? '')} is not a value for it`)
}

function readStarts(rest: string[]): string[] {
  while (/^-(P|O[0-3])$/.test(rest[0] ?? '')) rest.shift()
  const end = rest.findIndex((word) => /^[-(),!]/.test(word))
  return rest.splice(0, end === -1 ? rest.length : end)
}

function denyUnbalanced(expression: readonly unknown[]): void {
  let depth = 0
  for (const word of expression) {
    if (word === '(') depth += 1
    if (word === ')') depth -= 1
    if (depth < 0) break
  }
  if (depth !== 0) throw new Denied('find: parentheses do not match')
}

/** Reads find's arguments: starting points, then an expression of which every word is known. */
export function readFind(args: readonly string[]): FindArguments {
  const rest = [...args]
  const starts = readStarts(rest)
  const before: string[] = []
  const expression: (string | FileOption)[] = []
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const shape = valued[word]
    if (Object.hasOwn(wholeSearch, word)) {
      const bound = wholeSearch[word]
      before.push(word, ...(bound === undefined ? [] : [shaped(word, bound, rest.shift())]))
    } else if (Object.hasOwn(valued, word) && shape !== undefined) {
      expression.push(word, shaped(word, shape, rest.shift()))
    } else if (timed.test(word)) expression.push(word, shaped(word, time, rest.shift()))
    else if (filed.test(word)) {
      expression.push(word, { before: '', path: shaped(word, pattern, rest.shift()) })
    } else if (plain.has(word)) expression.push(word)
    else denied(word)
  }
  denyUnbalanced(expression)
  return { starts, options: before, expression }
}

/** The expression with git's folder left out of the search. */
export function searchOutsideGit(expression: readonly string[]): string[] {
  const wanted = expression.length === 0 ? ['-true'] : [...expression]
  const action = wanted.some((word) => actions.has(word)) ? [] : ['-print']
  return ['-name', '.git', '-prune', '-o', '(', ...wanted, ')', ...action]
}
