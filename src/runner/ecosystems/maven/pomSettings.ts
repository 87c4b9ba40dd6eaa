import type { Change } from '../../integrity/change.ts'
import { childText, type Element, parseXml } from '../../xml.ts'

/** Elements that are told apart by what they name. */
const identities: Readonly<Record<string, string>> = {
  plugin: 'artifactId',
  profile: 'id',
  execution: 'id',
}

/** Every setting of a build as `path=value`; plugins, profiles and executions by their names. */
function settingsOf(element: Element, path: string, into: string[]): void {
  const identity = identities[element.name]
  const name = identity === undefined ? undefined : (childText(element, identity) ?? '')
  const own = `${path}/${element.name}${name === undefined ? '' : `[${name}]`}`
  if (element.children.length === 0) into.push(`${own}=${element.text}`)
  for (const child of element.children) settingsOf(child, own, into)
}

function settingsIn(text: string | undefined): readonly string[] {
  const found: string[] = []
  if (text !== undefined) settingsOf(parseXml(text), '', found)
  return found
}

function without(all: readonly string[], others: readonly string[]): readonly string[] {
  const left = new Map<string, number>()
  for (const one of others) left.set(one, (left.get(one) ?? 0) + 1)
  return all.filter((one) => {
    const number = left.get(one) ?? 0
    left.set(one, number - 1)
    return number <= 0
  })
}

/** What a build depends on, and in which version: what an update is about. */
const ofDependencies =
  /\/(dependencies|dependencyManagement|exclusions)\/|\/parent\/version=|\/plugin\[[^\]]*\]\/version=|^\/project\/(version|name|description|url)=/
const versionProperty = /\/properties\/([^/=]+)=(.*)$/
const isVersion = /^[v^~]?\d[\w.+-]*$|^\$\{[^}]+\}$/
/** Numbers that are no versions, but how much is asked of the code. */
const measure = /coverage|minimum|maximum|ratio|threshold|limit|count|level|skip|fail|ignore|retr|rerun/i

function isAboutVersions(setting: string): boolean {
  if (ofDependencies.test(setting)) return true
  const [, name = '', value = ''] = versionProperty.exec(setting) ?? []
  return name !== '' && !measure.test(name) && isVersion.test(value)
}

/**
 * Settings of a Maven build that a change makes, ends or alters, besides dependencies and versions; undefined where a
 * side cannot be read.
 */
export function pomSettings({ before, after }: Change): readonly string[] | undefined {
  try {
    const [old, now] = [settingsIn(before), settingsIn(after)]
    const changed = [...without(old, now), ...without(now, old)].filter((one) => !isAboutVersions(one))
    return [...new Set(changed.map((one) => one.slice(one.lastIndexOf('/') + 1).slice(0, 80)))]
  } catch {
    return undefined
  }
}
