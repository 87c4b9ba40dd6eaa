import type { Coordinates } from '../../registries/maven/coordinates.ts'
import { descend, type Element, each } from '../../xml.ts'
import { isImport, managementOf } from './pom/managed.ts'
import type { Model, Place, Resolved } from './pom/model.ts'
import {
  type Dependency,
  deep,
  dependencyOf,
  type Plugin,
  type Pom,
  type Section,
  sectionsOf,
} from './pom/pom.ts'

/** One place of the build that names an artifact of a repository. */
export interface Declaration {
  /** `group:artifact`. */
  readonly name: string
  readonly groupId: string
  readonly artifactId: string
  readonly kind: 'dependency' | 'managed' | 'bom' | 'parent' | 'plugin'
  readonly pom: Pom
  readonly scope?: string
  readonly optional: boolean
  /** A profile that takes no part in a build as it is. */
  readonly profile?: string
  /** As written; empty where something else manages it. */
  readonly text: string
  /** Undefined where it is not one version: a range, or an unknown property. */
  readonly current?: string
  /** Where an edit changes it; undefined where it is managed from outside the tree, or put together from parts. */
  readonly place?: Place
  /** What gives it its version where this POM does not say it: another POM's `dependencyManagement`. */
  readonly managedIn?: Pom
  /** A property of the command line that decides it. */
  readonly given?: string
  /** The import or parent that gives it its version. */
  readonly through?: Declaration
}

/** Where a declaration stands. */
interface Spot {
  readonly pom: Pom
  readonly section: Section
}

/** Everything in the build's POMs that names an artifact from outside it, in the order of the POMs. */
export async function declarations(model: Model): Promise<readonly Declaration[]> {
  const found: Declaration[] = []
  for (const pom of model.reactor.poms) {
    const parent = await parentOf(model, pom)
    if (parent !== undefined) found.push(parent)
    for (const section of sectionsOf(pom)) {
      const spot = { pom, section }
      for (const one of section.managed) found.push(...(await managed(model, spot, one)))
      for (const one of section.dependencies) found.push(...(await dependency(model, spot, one)))
      for (const one of [...section.plugins, ...section.managedPlugins])
        found.push(...(await plugin(model, spot, one)))
      for (const element of each(descend(section.element, 'build', 'extensions'), 'extension'))
        found.push(...(await external(model, spot, dependencyOf(pom.source, element), 'plugin')))
    }
  }
  return found
}

async function parentOf(model: Model, pom: Pom): Promise<Declaration | undefined> {
  const { parent } = pom
  if (parent?.version === undefined || model.reactor.isMember(parent.groupId, parent.artifactId))
    return undefined
  const { groupId, artifactId, version } = parent
  const one = { groupId, artifactId, version, optional: false, element: pom.root }
  return await versioned(model, { pom, section: pom.main }, one, 'parent')
}

/** With a version of its own, and from outside the build. */
async function external(
  model: Model,
  spot: Spot,
  one: Dependency,
  kind: Declaration['kind'],
): Promise<Declaration[]> {
  if (one.version === undefined || model.reactor.isMember(one.groupId, one.artifactId)) return []
  return [await versioned(model, spot, one, kind)]
}

async function managed(model: Model, spot: Spot, one: Dependency): Promise<Declaration[]> {
  return await external(model, spot, one, isImport(one) ? 'bom' : 'managed')
}

async function dependency(model: Model, spot: Spot, one: Dependency): Promise<Declaration[]> {
  if (model.reactor.isMember(one.groupId, one.artifactId) || one.scope === 'system') return []
  if (one.version !== undefined) return [await versioned(model, spot, one, 'dependency')]
  const { pom } = spot
  const by = await managementOf(model, pom, one.groupId, one.artifactId)
  if (by === undefined) return []
  const common = { ...about(model, spot, one, 'dependency'), text: '' }
  // What the tree itself manages has its place there, which may be a property of this very POM.
  if (by.through === undefined)
    return [{ ...common, ...outcome(by.version), ...(by.pom === undefined ? {} : { managedIn: by.pom }) }]
  const { import: imported, pom: bringer } = by.through
  const through =
    imported === undefined
      ? await parentOf(model, bringer)
      : toDeclaration(model, { pom: bringer, section: bringer.main }, imported.bom, 'bom', imported.version)
  return [{ ...common, ...current(by.version.text), ...(through === undefined ? {} : { through }) }]
}

/** A plugin, what it is given besides its own dependencies, and the annotation processors of the compiler. */
async function plugin(model: Model, spot: Spot, one: Plugin): Promise<Declaration[]> {
  const { version, dependencies, element } = one
  const itself = { ...one, optional: false, ...(version === undefined ? {} : { version }) }
  const paths = deep(element, 'annotationProcessorPaths').flatMap(({ children }) => children)
  const found = await external(model, spot, itself, 'plugin')
  for (const inner of dependencies) found.push(...(await external(model, spot, inner, 'plugin')))
  for (const path of paths) found.push(...(await dependency(model, spot, processor(spot.pom, path))))
  return found
}

function processor(pom: Pom, element: Element): Dependency {
  return { ...dependencyOf(pom.source, element), scope: 'provided' }
}

async function versioned(
  model: Model,
  spot: Spot,
  one: Dependency,
  kind: Declaration['kind'],
): Promise<Declaration> {
  const { pom, section } = spot
  const resolved =
    one.version === undefined ? { text: '' } : await model.resolve(one.version, pom, { section })
  return toDeclaration(model, spot, one, kind, resolved)
}

function toDeclaration(
  model: Model,
  spot: Spot,
  one: Dependency,
  kind: Declaration['kind'],
  resolved: Resolved,
): Declaration {
  return { ...about(model, spot, one, kind), text: one.version?.text ?? '', ...outcome(resolved) }
}

function about(
  model: Model,
  { pom, section }: Spot,
  one: Dependency,
  kind: Declaration['kind'],
): Omit<Declaration, 'text'> {
  const { groupId, artifactId, scope, optional } = one
  const { profile } = section
  return {
    ...{ name: `${groupId}:${artifactId}`, groupId, artifactId, kind, pom, optional },
    ...(scope === undefined ? {} : { scope }),
    ...(profile === undefined || model.sections(pom).includes(section) ? {} : { profile }),
  }
}

function outcome({ text, place, given }: Resolved): Pick<Declaration, 'current' | 'place' | 'given'> {
  return {
    ...current(text),
    ...(place === undefined || !place.pom.inTree ? {} : { place }),
    ...(given === undefined ? {} : { given }),
  }
}

/** `[1.0]` is one version too. */
function current(text: string): { readonly current?: string } {
  const plain = hard.exec(text)?.[1] ?? text
  return /^[\w.+~-]+$/.test(plain) ? { current: plain } : {}
}

/** A version that nothing else may take the place of. */
export const hard = /^\[([^,]+)\]$/

/** Coordinates of a BOM or parent declaration at another version. */
export function atVersion(one: Declaration, version: string): Coordinates {
  return { groupId: one.groupId, artifactId: one.artifactId, version }
}
