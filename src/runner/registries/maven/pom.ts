import { isUtf8 } from 'node:buffer'
import { child, childText, descend, type Element, each, parseXml } from '../../xml.ts'
import type { Coordinates } from './coordinates.ts'

/** A dependency as a POM writes it: properties are not filled in, what is not said is empty. */
export interface Named extends Coordinates {
  readonly scope: string
  readonly optional: boolean
}

/** What a POM says of others, profiles left out. */
export interface PublishedPom {
  readonly packaging: string
  readonly own: Coordinates
  readonly parent: Coordinates | undefined
  readonly properties: ReadonlyMap<string, string>
  readonly managed: readonly Named[]
  readonly dependencies: readonly Named[]
}

/** A POM with its ancestors, nearest first. */
export type Chain = readonly [PublishedPom, ...PublishedPom[]]

/** Throws an `Error` where the text is no XML. */
export function readPublished(bytes: Buffer): PublishedPom {
  const text = bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1')
  const root = parseXml(text.replace(/^\uFEFF/, ''))
  const parent = child(root, 'parent')
  return {
    packaging: childText(root, 'packaging') ?? 'jar',
    own: coordinatesIn(root),
    parent: parent === undefined ? undefined : coordinatesIn(parent),
    properties: new Map(child(root, 'properties')?.children.map(({ name, text: value }) => [name, value])),
    managed: dependenciesIn(child(root, 'dependencyManagement')),
    dependencies: dependenciesIn(root),
  }
}

function dependenciesIn(element: Element | undefined): Named[] {
  return each(descend(element, 'dependencies'), 'dependency').map((one) => ({
    ...coordinatesIn(one),
    scope: childText(one, 'scope') ?? 'compile',
    optional: childText(one, 'optional') === 'true',
  }))
}

function coordinatesIn(element: Element): Coordinates {
  const [groupId, artifactId, version] = ['groupId', 'artifactId', 'version'].map((name) =>
    childText(element, name),
  )
  return { groupId: groupId ?? '', artifactId: artifactId ?? '', version: version ?? '' }
}

const property = /\$\{([^{}]+)\}/g
const coordinate = /^(?:project|pom)\.(parent\.)?(groupId|artifactId|version)$/
/** Properties that name properties. */
const maxRounds = 8
/** Characters of a value, and of what is filled in: a version is short. */
const maxLength = 1000

/** Fills in what the first of a chain says of itself, and the chain's properties; what nobody says stays. */
export function filler(chain: Chain): (text: string) => string {
  const [{ own, parent }] = chain
  const meant = (name: string): string | undefined => {
    const [, ofParent, part] = coordinate.exec(name) ?? []
    if (part === undefined) {
      const value = chain.find(({ properties }) => properties.has(name))?.properties.get(name)
      return value === undefined || value.length > maxLength ? undefined : value
    }
    const key = part as keyof Coordinates
    return ofParent === undefined ? own[key] || parent?.[key] : parent?.[key]
  }
  return (text) => {
    let filled = text
    for (let round = 0; round < maxRounds && filled.length <= maxLength && filled.includes('${'); round += 1)
      filled = filled.replaceAll(property, (whole, name: string) => meant(name.trim()) ?? whole)
    return filled
  }
}
