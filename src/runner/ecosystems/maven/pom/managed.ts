import type { Coordinates } from '../../../registries/maven/coordinates.ts'
import type { Model, Resolved } from './model.ts'
import type { Dependency, Pom } from './pom.ts'

/** Who says which version a dependency without one has. */
export interface Management {
  readonly version: Resolved
  /** The POM whose `dependencyManagement` says it. */
  readonly pom?: Pom
  /** The import or parent in the tree that brings it; undefined where the tree itself says it. */
  readonly through?: {
    readonly pom: Pom
    readonly import?: { readonly bom: Dependency; readonly version: Resolved }
  }
}

const maxImports = 20

/**
 * What manages `groupId:artifactId` for a POM: the nearest `dependencyManagement`, then its imports in order. Properties
 * are the POM's own: what it sets itself counts in what it inherits.
 */
export async function managementOf(
  model: Model,
  pom: Pom,
  groupId: string,
  artifactId: string,
): Promise<Management | undefined> {
  const chain = await model.chain(pom)
  let lastInTree = pom
  for (const at of chain) {
    if (at.inTree) lastInTree = at
    const own = entry(model, at, groupId, artifactId)
    if (own?.version === undefined) continue
    const version = await model.resolve(own.version, pom, { pom: at })
    const inTree = at.inTree || version.place?.pom.inTree === true || version.given !== undefined
    return { version, pom: at, ...(inTree ? {} : { through: { pom: lastInTree } }) }
  }
  lastInTree = pom
  for (const at of chain) {
    if (at.inTree) lastInTree = at
    for (const bom of importsOf(model, at)) {
      if (bom.version === undefined) continue
      const resolved = await model.resolve(bom.version, pom, { pom: at })
      const version = await managedBy(model, coordinates(bom, resolved.text), groupId, artifactId, 0)
      if (version === undefined) continue
      const inTree = at.inTree || resolved.place?.pom.inTree === true
      const through = inTree
        ? { pom: at.inTree ? at : lastInTree, import: { bom, version: resolved } }
        : { pom: lastInTree }
      return { version: { text: version }, through }
    }
  }
  return undefined
}

/** How a POM names its own group. */
const ownGroup = `\${project.groupId}`

function entry(model: Model, pom: Pom, groupId: string, artifactId: string): Dependency | undefined {
  // A profile's entry comes before the project's own.
  return [...model.sections(pom)]
    .reverse()
    .flatMap(({ managed }) => managed)
    .find(
      (one) =>
        one.artifactId === artifactId &&
        (one.groupId === groupId || one.groupId === ownGroup) &&
        !isImport(one),
    )
}

export function isImport(one: Dependency): boolean {
  return one.scope === 'import' && one.type === 'pom'
}

function importsOf(model: Model, pom: Pom): Dependency[] {
  return model
    .sections(pom)
    .flatMap(({ managed }) => managed)
    .filter(isImport)
}

export async function coordinatesOf(
  model: Model,
  one: Dependency,
  pom: Pom,
): Promise<Coordinates | undefined> {
  if (one.version === undefined) return undefined
  return coordinates(one, (await model.resolve(one.version, pom)).text)
}

function coordinates({ groupId, artifactId }: Dependency, version: string): Coordinates | undefined {
  return version.includes('${') ? undefined : { groupId, artifactId, version }
}

/** The version that a BOM, its parents or its own imports give an artifact. */
export async function managedBy(
  model: Model,
  bom: Coordinates | undefined,
  groupId: string,
  artifactId: string,
  depth: number,
): Promise<string | undefined> {
  const pom = bom === undefined || depth > maxImports ? undefined : await model.load(bom)
  if (pom === undefined) return undefined
  const chain = await model.chain(pom)
  for (const at of chain) {
    const own = entry(model, at, groupId, artifactId)
    if (own?.version !== undefined) return (await model.resolve(own.version, pom)).text
    const byGroup = at.main.managed.find(
      (one) => one.artifactId === artifactId && one.groupId.includes('${') && !isImport(one),
    )
    if (byGroup?.version !== undefined) return (await model.resolve(byGroup.version, pom)).text
  }
  for (const at of chain) {
    for (const inner of importsOf(model, at)) {
      const next = await coordinatesOf(model, inner, pom)
      const found = await managedBy(model, next, groupId, artifactId, depth + 1)
      if (found !== undefined) return found
    }
  }
  return undefined
}
