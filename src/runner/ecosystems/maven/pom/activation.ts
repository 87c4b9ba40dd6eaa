import { posix } from 'node:path'
import { child, childText, type Element } from '../../../xml.ts'
import { compareVersions } from '../version.ts'
import type { Pom, Section } from './pom.ts'

/** What decides which profiles take part in a build in a container. */
export interface Surroundings {
  readonly jdk: number
  /** Asked for by name. */
  readonly profiles: readonly string[]
  /** Given on the command line. */
  readonly properties?: ReadonlyMap<string, string>
  /** Folder of the module. */
  readonly folder: string
  /** Files and folders of the tree. */
  exists(path: string): boolean
}

/** Whether a section takes part: the project itself always, a profile by name or where all its conditions hold. */
export function isActive(section: Section, pom: Pom, around: Surroundings): boolean {
  const { profile } = section
  if (profile === undefined || around.profiles.includes(profile)) return true
  if (around.profiles.includes(`!${profile}`) || around.profiles.includes(`-${profile}`)) return false
  const activation = child(section.element, 'activation')
  const conditions = (activation?.children ?? []).filter(({ name }) => name !== 'activeByDefault')
  if (conditions.length > 0) return conditions.every((condition) => holds(condition, around))
  // Another profile of the same POM that is active turns defaults off.
  return section.activeByDefault && !pom.profiles.some((other) => isAsked(other, around))
}

/** By name, or by all of its conditions. */
function isAsked({ profile = '', element }: Section, around: Surroundings): boolean {
  if (around.profiles.includes(profile)) return true
  if (around.profiles.includes(`!${profile}`) || around.profiles.includes(`-${profile}`)) return false
  const conditions = (child(element, 'activation')?.children ?? []).filter(
    ({ name }) => name !== 'activeByDefault',
  )
  return conditions.length > 0 && conditions.every((condition) => holds(condition, around))
}

function holds(condition: Element, { jdk, folder, exists, properties }: Surroundings): boolean {
  if (condition.name === 'jdk') return jdkMatches(condition.text, jdk)
  if (condition.name === 'os') return osMatches(condition)
  if (condition.name === 'property') return propertyHolds(condition, properties ?? new Map())
  if (condition.name !== 'file') return false
  const at = (name: 'exists' | 'missing'): boolean | undefined => {
    const path = childText(condition, name)?.replace(/^\$\{(project\.)?basedir\}\//, '')
    return path === undefined ? undefined : exists(posix.normalize(posix.join(folder, path)))
  }
  return at('exists') ?? at('missing') === false
}

function propertyHolds(condition: Element, properties: ReadonlyMap<string, string>): boolean {
  const name = childText(condition, 'name') ?? ''
  const wanted = childText(condition, 'value')
  const value = properties.get(name.replace(/^!/, ''))
  if (wanted?.startsWith('!') === true) return value !== wanted.slice(1)
  if (name.startsWith('!')) return value === undefined
  return value !== undefined && (wanted === undefined || value === wanted)
}

/** `17`, `1.8`, `!11`, `[9,)`, `(,1.8]`. */
function jdkMatches(text: string, jdk: number): boolean {
  const version = jdk <= 8 ? `1.${jdk}` : String(jdk)
  if (text.startsWith('!')) return !jdkMatches(text.slice(1), jdk)
  const range = /^([[(])([^,]*),([^,]*)([\])])$/.exec(text.trim())
  if (range === null)
    return version === text || version.startsWith(`${text}.`) || text.startsWith(`${version}.`)
  const [, open, low = '', high = '', close] = range
  const above = low.trim() === '' ? 1 : compareVersions(version, low.trim())
  const below = high.trim() === '' ? -1 : compareVersions(version, high.trim())
  return (above > 0 || (above === 0 && open === '[')) && (below < 0 || (below === 0 && close === ']'))
}

function osMatches(condition: Element): boolean {
  const facts: Readonly<Record<string, string>> = { family: 'unix', name: 'linux' }
  return condition.children.every(({ name, text }) => {
    const fact = facts[name]
    if (fact === undefined) return true
    return text.startsWith('!') ? text.slice(1).toLowerCase() !== fact : text.toLowerCase() === fact
  })
}
