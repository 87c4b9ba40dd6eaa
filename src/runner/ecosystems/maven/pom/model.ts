import type { Pom, Value } from './pom.ts'
import { sectionsOf } from './pom.ts'
import type { Reactor } from './reactor.ts'

export interface Coordinates {
  readonly groupId: string
  readonly artifactId: string
  readonly version: string
}

/** A POM from the user's repositories; undefined where none has it. */
export type FetchPom = (coordinates: Coordinates) => Promise<Pom | undefined>

/** Where a version is really written. */
export interface Place {
  readonly pom: Pom
  readonly value: Value
  readonly property?: string
}

/** A text with its properties filled in, and the one place to change it at, if there is one. */
export interface Resolved {
  readonly text: string
  readonly place?: Place
}

/** A POM with its ancestors, nearest first. */
export type Chain = readonly Pom[]

export interface Model {
  readonly reactor: Reactor
  chain(pom: Pom): Promise<Chain>
  resolve(value: Value, pom: Pom): Promise<Resolved>
  /** The POM of an import or a parent, from the tree or a repository. */
  load(coordinates: Coordinates): Promise<Pom | undefined>
}

const maxDepth = 30

/** Answers what a POM means once its parents and properties are known; `extra` are properties of the command line. */
export function createModel(
  reactor: Reactor,
  fetch: FetchPom,
  extra: ReadonlyMap<string, string> = new Map(),
): Model {
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
  const parentOf = async (pom: Pom): Promise<Pom | undefined> => {
    const { parent } = pom
    if (parent === undefined) return undefined
    const near = pom.inTree && parent.path !== undefined ? reactor.byPath.get(parent.path) : undefined
    if (near?.artifactId === parent.artifactId) return near
    const version = fillIn(parent.version?.text ?? '', [pom], extra)
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
  const resolve = async (value: Value, pom: Pom): Promise<Resolved> => {
    const all = await chain(pom)
    const place = placeOf({ pom, value }, all)
    const text = fillIn(value.text, all, extra)
    return place === undefined ? { text } : { text, place }
  }
  return { reactor, chain, load, resolve }
}

const one = /^\$\{([^{}]+)\}$/
const any = /\$\{([^{}]+)\}/g

/** Follows a property that is all of a text to where its value is written. */
function placeOf(start: Place, chain: Chain): Place | undefined {
  let at: Place | undefined = start
  for (let depth = 0; at !== undefined && depth < maxDepth; depth++) {
    const name: string | undefined = one.exec(at.value.text)?.[1]
    if (name === undefined) return at.value.text.includes('${') ? undefined : at
    at = propertyOf(name, chain)
  }
  return undefined
}

/** The nearest definition; a project's own come before those of its profiles. */
function propertyOf(name: string, chain: Chain): Place | undefined {
  for (const pom of chain) {
    const sections = sectionsOf(pom).filter(({ profile }) => profile === undefined || pom.inTree)
    for (const { properties } of sections) {
      const value = properties.get(name)
      if (value !== undefined) return { pom, value, property: name }
    }
  }
  return undefined
}

function fillIn(text: string, chain: Chain, extra: ReadonlyMap<string, string>): string {
  let filled = text
  for (let depth = 0; depth < maxDepth && filled.includes('${'); depth++) {
    const next = filled.replace(any, (whole, name: string) => {
      return extra.get(name) ?? propertyOf(name, chain)?.value.text ?? ownValue(name, chain) ?? whole
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
