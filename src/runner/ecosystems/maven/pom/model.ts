import type { Coordinates } from '../../../registries/maven/coordinates.ts'
import { type Pom, type Section, sectionsOf, type Value } from './pom.ts'
import type { Reactor } from './reactor.ts'

/** A POM from the user's repositories; undefined where none has it. */
export type FetchPom = (coordinates: Coordinates) => Promise<Pom | undefined>

/** Where a version is really written. */
export interface Place {
  readonly pom: Pom
  readonly value: Value
  readonly property?: string
  /** The profile whose property it is. */
  readonly profile?: string
}

/** A text with its properties filled in, and the one place to change it at, if there is one. */
export interface Resolved {
  readonly text: string
  readonly place?: Place
  /** A property of the command line that decides it. */
  readonly given?: string
}

/** A POM with its ancestors, nearest first. */
export type Chain = readonly Pom[]

export interface Model {
  readonly reactor: Reactor
  chain(pom: Pom): Promise<Chain>
  /** What a value means for `pom`; `written` says where it stands, if elsewhere: in an ancestor, in a profile. */
  resolve(
    value: Value,
    pom: Pom,
    written?: { readonly pom?: Pom; readonly section?: Section },
  ): Promise<Resolved>
  /** Parts of a POM that take part in a build: itself, and the profiles that are active. */
  sections(pom: Pom): readonly Section[]
  /** The POM of an import or a parent, from the tree or a repository. */
  load(coordinates: Coordinates): Promise<Pom | undefined>
}

const maxDepth = 30

export interface Build {
  /** Properties of the command line. */
  readonly extra: ReadonlyMap<string, string>
  /** Whether a profile of a POM in the tree takes part. */
  isActive(section: Section, pom: Pom): boolean
}

/** Answers what a POM means once its parents, its profiles and the properties are known. */
export function createModel(reactor: Reactor, fetch: FetchPom, { extra, isActive }: Build): Model {
  const chains = new Map<Pom, Promise<Chain>>()
  const fetched = new Map<string, Promise<Pom | undefined>>()
  const load = (coordinates: Coordinates): Promise<Pom | undefined> => {
    const own = reactor.poms.find(
      ({ groupId, artifactId }) => artifactId === coordinates.artifactId && groupId === coordinates.groupId,
    )
    if (own !== undefined) return Promise.resolve(own)
    const key = `${coordinates.groupId}:${coordinates.artifactId}:${coordinates.version}`
    const pending = fetched.get(key) ?? fetch(coordinates)
    fetched.set(key, pending)
    return pending
  }
  const sections = (pom: Pom): readonly Section[] =>
    sectionsOf(pom).filter((one) => one.profile === undefined || (pom.inTree && isActive(one, pom)))
  const parentOf = async (pom: Pom): Promise<Pom | undefined> => {
    const { parent } = pom
    if (parent === undefined) return undefined
    const near = pom.inTree && parent.path !== undefined ? reactor.byPath.get(parent.path) : undefined
    if (near?.artifactId === parent.artifactId) return near
    const version = fillIn(parent.version?.text ?? '', [pom], propertiesOf([pom], sections, undefined), extra)
    if (parent.groupId === '' || version === '' || version.includes('${')) return undefined
    return await load({ groupId: parent.groupId, artifactId: parent.artifactId, version })
  }
  const follow = async (pom: Pom): Promise<Chain> => {
    const found = [pom]
    for (let at = await parentOf(pom); at !== undefined && found.length < maxDepth; at = await parentOf(at)) {
      if (found.includes(at)) break
      found.push(at)
    }
    return found
  }
  const chain = (pom: Pom): Promise<Chain> => {
    const pending = chains.get(pom) ?? follow(pom)
    chains.set(pom, pending)
    return pending
  }
  const resolve: Model['resolve'] = async (value, pom, written = {}) => {
    const all = await chain(pom)
    const properties = propertiesOf(all, sections, written.section)
    const start = { pom: written.pom ?? pom, value }
    const { place, given } = placeOf(start, properties, extra)
    const text = fillIn(value.text, all, properties, extra)
    return {
      text,
      ...(place === undefined ? {} : { place }),
      ...(given === undefined ? {} : { given }),
    }
  }
  return { reactor, chain, load, resolve, sections }
}

const one = /^\$\{([^{}]+)\}$/
const any = /\$\{([^{}]+)\}/g

type Properties = (name: string) => Place | undefined

/**
 * The nearest definition: of a POM's own those of its active profiles, the last one first, come before the project's.
 * `within` is a profile that is looked at as if it were active.
 */
function propertiesOf(
  chain: Chain,
  sections: (pom: Pom) => readonly Section[],
  within: Section | undefined,
): Properties {
  return (name) => {
    for (const pom of chain) {
      const own = [...sections(pom)].reverse()
      const looked = within !== undefined && pom.profiles.includes(within) ? [within, ...own] : own
      for (const { properties, profile } of looked) {
        const value = properties.get(name)
        if (value === undefined) continue
        return { pom, value, property: name, ...(profile === undefined ? {} : { profile }) }
      }
    }
    return undefined
  }
}

/** Follows a property that is all of a text to where its value is written. */
function placeOf(
  start: Place,
  properties: Properties,
  extra: ReadonlyMap<string, string>,
): Pick<Resolved, 'place' | 'given'> {
  let at: Place | undefined = start
  for (let depth = 0; at !== undefined && depth < maxDepth; depth++) {
    const { text } = at.value
    const given = [...text.matchAll(any)].map(([, name = '']) => name).find((name) => extra.has(name))
    if (given !== undefined) return { given }
    const name: string | undefined = one.exec(text)?.[1]
    if (name === undefined) return text.includes('${') ? {} : { place: at }
    at = properties(name)
  }
  return {}
}

function fillIn(
  text: string,
  chain: Chain,
  properties: Properties,
  extra: ReadonlyMap<string, string>,
): string {
  let filled = text
  for (let depth = 0; depth < maxDepth && filled.includes('${'); depth++) {
    const next = filled.replace(any, (whole, name: string) => {
      return extra.get(name) ?? properties(name)?.value.text ?? ownValue(name, chain) ?? whole
    })
    if (next === filled || next.length > 10_000) break
    filled = next
  }
  return filled
}

/** `project.version` and the like. */
function ownValue(name: string, chain: Chain): string | undefined {
  const key = name.replace(/^(project|pom)\./, '')
  const parent = chain[0]?.parent
  const values: Record<string, string | undefined> = {
    version: first(chain, (pom) => pom.version?.text ?? pom.parent?.version?.text),
    groupId: first(chain, (pom) => pom.groupId),
    artifactId: chain[0]?.artifactId,
    'parent.version': parent?.version?.text,
    'parent.groupId': parent?.groupId,
    'parent.artifactId': parent?.artifactId,
  }
  return key === name && name !== 'version' ? undefined : values[key]
}

function first<T>(chain: Chain, read: (pom: Pom) => T | undefined): T | undefined {
  for (const pom of chain) {
    const value = read(pom)
    if (value !== undefined) return value
  }
  return undefined
}
