import { tryJson } from '../../../contract/json.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { child, childText, type Element, parseXml } from '../../xml.ts'
import { acknowledge, type Change, type Evidence } from './change.ts'
import { wellKnown } from './wellKnown.ts'

const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies']
/** Shorter ones are one letter away from too many. */
const shortest = 4

/** Names in manifests that are taken for others: nearly alike, in letters that look alike, or an alias. */
export function nameWarnings({ changes, kit }: Evidence): Warning[] {
  const npm = new Set([...kit].flatMap(([path, text]) => (isNpm(path) ? [...npmNames(text).keys()] : [])))
  const maven = new Set([...kit].flatMap(([path, text]) => (isMaven(path) ? mavenNames(text) : [])))
  return changes.flatMap((change) => {
    if (isNpm(change.path)) return npmWarnings(change, npm)
    return isMaven(change.path) ? mavenWarnings(change, maven) : []
  })
}

function isNpm(path: string): boolean {
  return /(^|\/)package\.json$/.test(path)
}

function isMaven(path: string): boolean {
  return /(^|\/)pom\.xml$/.test(path)
}

/** Declared names with what they are declared as. */
function npmNames(text: string | undefined): ReadonlyMap<string, string> {
  const document = record(text === undefined ? undefined : tryJson(text))
  return new Map(
    groups.flatMap((group) =>
      Object.entries(record(document[group])).map(([name, value]) => [name, String(value)]),
    ),
  )
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

function npmWarnings({ path, before, after }: Change, direct: ReadonlySet<string>): Warning[] {
  const [was, is] = [npmNames(before), npmNames(after)]
  return [...is].flatMap(([name, text]) => {
    const meant = aliasOf(text)
    const aliased =
      meant === undefined || meant === name || aliasOf(was.get(name) ?? '') === meant
        ? []
        : [acknowledge(`alias:${path}#${name}`, path, `${path} installs ${meant} under the name ${name}.`)]
    const fresh = [
      was.has(name) || direct.has(name) ? [] : [name],
      meant === undefined || direct.has(meant) ? [] : [meant],
    ]
    return [
      ...aliased,
      ...(was.get(name) === text ? [] : fresh.flat().flatMap((one) => looks(path, one, direct))),
    ]
  })
}

function aliasOf(text: string): string | undefined {
  return /^npm:((?:@[^/]+\/)?[^@]+)/.exec(text)?.[1]
}

function looks(path: string, name: string, direct: ReadonlySet<string>): Warning[] {
  if (wellKnown.has(name)) return []
  if (/[^\x20-\x7e]/.test(name)) {
    return [
      acknowledge(`misleading-name:${name}`, path, `${name} in ${path} has letters that look like others.`),
    ]
  }
  const other = [...direct, ...wellKnown].find((known) => known !== name && isNearly(known, name))
  if (other === undefined) return []
  const message = `${name}, new in ${path}, is spelt nearly like ${other}.`
  return [acknowledge(`misleading-name:${name}`, path, message)]
}

/** One edit apart, or the same once signs that look alike are one; packages of one scope belong together. */
function isNearly(known: string, name: string): boolean {
  if (known.length < shortest) return false
  const scope = /^@[^/]+\//.exec(known)?.[0]
  if (scope !== undefined && name.startsWith(scope)) return false
  return isOneEdit(known, name) || skeleton(known) === skeleton(name)
}

function skeleton(name: string): string {
  return name
    .replace(/[-_.]/g, '')
    .replaceAll('0', 'o')
    .replaceAll(/[1i]/g, 'l')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

/** A letter more, less, another one, or two that changed places. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  if (a.slice(at + 1) === b.slice(at + 1)) return true
  if (a.slice(at) === b.slice(at + 1) || a.slice(at + 1) === b.slice(at)) return true
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
}

function mavenNames(text: string | undefined): readonly string[] {
  try {
    return text === undefined ? [] : named(parseXml(text))
  } catch {
    return []
  }
}

/** Everything that has a group and an artifact. */
function named(element: Element): string[] {
  const artifact = child(element, 'artifactId') === undefined ? undefined : childText(element, 'artifactId')
  const group = childText(element, 'groupId')
  const own = artifact === undefined || group === undefined ? [] : [`${group}:${artifact}`]
  return [...own, ...element.children.flatMap(named)]
}

/** A new artifact whose group is nearly that of another one: whoever has the group is its author. */
function mavenWarnings({ path, before, after }: Change, direct: ReadonlySet<string>): Warning[] {
  const known = new Set([...direct, ...mavenNames(before)])
  const fresh = new Set(mavenNames(after).filter((name) => !known.has(name)))
  return [...fresh].flatMap((name) => {
    const [group = ''] = name.split(':')
    if (/[^\x20-\x7e]/.test(name)) {
      return [
        acknowledge(`misleading-name:${name}`, path, `${name} in ${path} has letters that look like others.`),
      ]
    }
    const other = [...known].find((one) => isOneEdit(one.split(':')[0] ?? '', group))
    if (other === undefined) return []
    return [
      acknowledge(`misleading-name:${name}`, path, `${name}, new in ${path}, is spelt nearly like ${other}.`),
    ]
  })
}
