import type { Outdated } from '../plan.ts'

/** A part of a version: a number, a qualifier, or what follows a dash. */
type Item = number | string | Item[]

const qualifiers = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp']
const aliases: Readonly<Record<string, string>> = { ga: '', final: '', release: '', cr: 'rc' }
const shortNames: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone' }

function qualifier(text: string, beforeDigit: boolean): string {
  const long = beforeDigit ? (shortNames[text] ?? text) : text
  return aliases[long] ?? long
}

/** As `org.apache.maven.artifact.versioning.ComparableVersion` of Maven 3.9 reads a version. */
function parse(version: string): Item[] {
  const text = version.toLowerCase()
  const root: Item[] = []
  const lists = [root]
  let list = root
  const nest = (): void => {
    const inner: Item[] = []
    list.push(inner)
    lists.push(inner)
    list = inner
  }
  const nestIfFilled = (): void => {
    if (list.length > 0) nest()
  }
  let empty = true
  for (const { 0: token, index } of text.matchAll(/\d+|[^\d.-]+|[.-]/g)) {
    if (token === '.' || token === '-') {
      if (empty) list.push(0)
      if (token === '-') nestIfFilled()
      empty = true
      continue
    }
    const next = text[index + token.length]
    if (/\d/.test(token)) list.push(Number(token))
    else {
      // Between separators a qualifier stays on its level, at the end it counts as after a dash.
      if (next !== '.' && next !== '-') nestIfFilled()
      list.push(qualifier(token, next !== undefined && /\d/.test(next)))
    }
    empty = false
    if (next !== undefined && next !== '.' && next !== '-') nest()
  }
  for (const one of lists.reverse()) normalise(one)
  return root
}

function isNull(item: Item): boolean {
  return Array.isArray(item) ? item.length === 0 : item === 0 || item === ''
}

/** Drops what says nothing: zeros and empty qualifiers at the end, or before a qualifier. */
function normalise(list: Item[]): void {
  for (let index = list.length - 1; index >= 0; index--) {
    const item = list[index]
    if (item === undefined || !isNull(item)) continue
    const next = list[index + 1]
    const first = Array.isArray(next) ? next[0] : next
    if (index === list.length - 1 || typeof first === 'string') list.splice(index, 1)
  }
}

function rank(text: string): string {
  const known = qualifiers.indexOf(text)
  return known === -1 ? `${qualifiers.length}-${text}` : String(known)
}

function order<T>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareToNothing(item: Item): number {
  if (typeof item === 'number') return Math.sign(item)
  if (typeof item === 'string') return order(rank(item), rank(''))
  return item.map(compareToNothing).find((result) => result !== 0) ?? 0
}

function compareItems(a: Item | undefined, b: Item | undefined): number {
  if (a === undefined) return b === undefined ? 0 : -compareToNothing(b)
  if (b === undefined) return compareToNothing(a)
  if (typeof a === 'number') return typeof b === 'number' ? order(a, b) : 1
  if (typeof b === 'number') return -1
  if (typeof a === 'string') return typeof b === 'string' ? order(rank(a), rank(b)) : -1
  return typeof b === 'string' ? 1 : compareLists(a, b)
}

function compareLists(a: readonly Item[], b: readonly Item[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const result = compareItems(a[index], b[index])
    if (result !== 0) return result
  }
  return 0
}

/** Negative, 0 or positive, in Maven's order. */
export function compareVersions(a: string, b: string): number {
  return compareLists(parse(a), parse(b))
}

const early =
  /(^|[.\-_\d])(alpha|beta|milestone|rc|cr|snapshot|preview|pre|ea|eap|dev|incubating|[abm](?=[.-]?\d))/i

/** Alphas, betas, candidates, snapshots: nobody is moved to one unasked. */
export function isPrerelease(version: string): boolean {
  return early.test(version)
}

/** The qualifier that tells builds of one release apart: `jre` of `33.0.0-jre`, `jre8` of `12.2.0.jre8`. */
function flavour(version: string): string {
  const words = /[.-]([a-z][a-z]*\d*)$/i.exec(version)?.[1]?.toLowerCase() ?? ''
  return words in aliases || isPrerelease(version) ? '' : words
}

/** Versions such as `20030203.000550`, from before a project counted from 1. */
function isDate(version: string): boolean {
  return /^(19|20)\d{6}(\D|$)/.test(version)
}

/** The newest that one would move `current` to: no prerelease (unless it is one), no date, the same flavour. */
export function latestFor(current: string | undefined, versions: readonly string[]): string | undefined {
  const sorted = [...versions].sort(compareVersions)
  const plain = sorted.filter((version) => current === undefined || isDate(current) || !isDate(version))
  const alike = plain.filter((version) => current === undefined || flavour(version) === flavour(current))
  const stable = alike.filter((version) => !isPrerelease(version))
  const newest = stable.at(-1) ?? alike.at(-1)
  if (current === undefined || !isPrerelease(current)) return newest
  return newest !== undefined && compareVersions(newest, current) >= 0 ? newest : alike.at(-1)
}

/** The version that a wish names: itself, `latest`, or the newest below a prefix such as `2` or `5.x`. */
export function resolveWish(
  wish: string,
  current: string | undefined,
  versions: readonly string[],
): string | undefined {
  if (wish === 'latest') return latestFor(current, versions)
  if (versions.includes(wish)) return wish
  const prefix = /^(\d+(?:\.\d+)*)(?:\.[x*])?$/.exec(wish)?.[1]
  if (prefix === undefined) return undefined
  return latestFor(
    current,
    versions.filter((version) => version.startsWith(`${prefix}.`)),
  )
}

/** Which of the leading numbers differs first. */
export function changeOf(from: string, to: string): Outdated['change'] {
  const numbers = (version: string) =>
    (/^\D*((?:\d+)(?:\.\d+)*)/.exec(version)?.[1] ?? '').split('.').map(Number)
  const [a, b] = [numbers(from), numbers(to)]
  if ((a[0] ?? 0) !== (b[0] ?? 0)) return 'major'
  if ((a[1] ?? 0) !== (b[1] ?? 0)) return 'minor'
  return compareVersions(from, to) === 0 ? 'none' : 'patch'
}
