import { isImport, managementOf } from './pom/managed.ts'
import type { Coordinates, Model, Place } from './pom/model.ts'
import { type Dependency, type Pom, sectionsOf } from './pom/pom.ts'

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
  /** As written; empty where something else manages it. */
  readonly text: string
  /** Undefined where it is not one version: a range, or an unknown property. */
  readonly current?: string
  /** Where an edit changes it; undefined where it is managed from outside the tree, or put together from parts. */
  readonly place?: Place
  /** The import or parent that gives it its version. */
  readonly through?: Declaration
}

/** Everything in the build's POMs that names an artifact from outside it, in the order of the POMs. */
export async function declarations(model: Model): Promise<readonly Declaration[]> {
  const found: Declaration[] = []
  for (const pom of model.reactor.poms) {
    const parent = await parentOf(model, pom)
    if (parent !== undefined) found.push(parent)
    for (const section of sectionsOf(pom)) {
      for (const one of section.managed) found.push(...(await managed(model, pom, one)))
      for (const one of section.dependencies) found.push(...(await dependency(model, pom, one)))
      for (const one of [...section.plugins, ...section.managedPlugins]) {
        const { groupId, artifactId, version } = one
        if (version === undefined || model.reactor.isMember(groupId, artifactId)) continue
        const plain = { groupId, artifactId, version, optional: false, element: one.element }
        found.push(await versioned(model, pom, plain, 'plugin'))
      }
    }
  }
  return found
}

async function parentOf(model: Model, pom: Pom): Promise<Declaration | undefined> {
  const { parent } = pom
  if (parent?.version === undefined || model.reactor.isMember(parent.groupId, parent.artifactId))
    return undefined
  const { groupId, artifactId, version } = parent
  return await versioned(
    model,
    pom,
    { groupId, artifactId, version, optional: false, element: pom.root },
    'parent',
  )
}

async function managed(model: Model, pom: Pom, one: Dependency): Promise<Declaration[]> {
  if (one.version === undefined || model.reactor.isMember(one.groupId, one.artifactId)) return []
  return [await versioned(model, pom, one, isImport(one) ? 'bom' : 'managed')]
}

async function dependency(model: Model, pom: Pom, one: Dependency): Promise<Declaration[]> {
  if (model.reactor.isMember(one.groupId, one.artifactId) || one.scope === 'system') return []
  if (one.version !== undefined) return [await versioned(model, pom, one, 'dependency')]
  const by = await managementOf(model, pom, one.groupId, one.artifactId)
  // Managed in the tree itself: that entry stands for it.
  if (by === undefined || by.through === undefined) return []
  const { import: bom } = by.through
  const through =
    bom === undefined
      ? await parentOf(model, by.through.pom)
      : await versioned(model, by.through.pom, bom, 'bom')
  return [
    {
      ...common(one, pom, 'dependency'),
      text: '',
      ...current(by.version.text),
      ...(through === undefined ? {} : { through }),
    },
  ]
}

async function versioned(
  model: Model,
  pom: Pom,
  one: Dependency,
  kind: Declaration['kind'],
): Promise<Declaration> {
  const { version } = one
  const resolved = version === undefined ? undefined : await model.resolve(version, pom)
  const place = resolved?.place
  return {
    ...common(one, pom, kind),
    text: version?.text ?? '',
    ...current(resolved?.text ?? ''),
    ...(place === undefined || !place.pom.inTree ? {} : { place }),
  }
}

function common(one: Dependency, pom: Pom, kind: Declaration['kind']): Omit<Declaration, 'text'> {
  const { groupId, artifactId, scope, optional } = one
  return {
    ...{ name: `${groupId}:${artifactId}`, groupId, artifactId, kind, pom, optional },
    ...(scope === undefined ? {} : { scope }),
  }
}

function current(text: string): { readonly current?: string } {
  return /^[\w.+~-]+$/.test(text) ? { current: text } : {}
}

/** Coordinates of a BOM or parent declaration at another version. */
export function atVersion(one: Declaration, version: string): Coordinates {
  return { groupId: one.groupId, artifactId: one.artifactId, version }
}
