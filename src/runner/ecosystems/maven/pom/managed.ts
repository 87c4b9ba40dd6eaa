import type { Coordinates, Model, Resolved } from './model.ts'
import { type Dependency, type Pom, sectionsOf } from './pom.ts'

/** Who says which version a dependency without one has. */
export interface Management {
  readonly version: Resolved
  /** The import or parent in the tree that brings it; undefined where the tree itself says it. */
  readonly through?: { readonly pom: Pom; readonly import?: Dependency }
}

const maxImports = 20

/** What manages `groupId:artifactId` for a POM: the nearest `dependencyManagement`, then its imports in order. */
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
    const through = at.inTree ? {} : { through: { pom: lastInTree } }
    const own = entry(at, groupId, artifactId)
    if (own?.version !== undefined) {
      return { version: await model.resolve(own.version, at.inTree ? at : pom), ...through }
    }
  }
  lastInTree = pom
  for (const at of chain) {
    if (at.inTree) lastInTree = at
    for (const bom of importsOf(at)) {
      const version = await managedBy(model, await coordinatesOf(model, bom, at), groupId, artifactId, 0)
      if (version === undefined) continue
      const through = at.inTree ? { pom: at, import: bom } : { pom: lastInTree }
      return { version: { text: version }, through }
    }
  }
  return undefined
}

/** How a POM names its own group. */
const ownGroup = `\${project.groupId}`

function entry(pom: Pom, groupId: string, artifactId: string): Dependency | undefined {
  return sectionsOf(pom)
    .filter(({ profile, activeByDefault }) => profile === undefined || activeByDefault || pom.inTree)
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

function importsOf(pom: Pom): Dependency[] {
  return sectionsOf(pom)
    .flatMap(({ managed }) => managed)
    .filter(isImport)
}

export async function coordinatesOf(
  model: Model,
  one: Dependency,
  pom: Pom,
): Promise<Coordinates | undefined> {
  if (one.version === undefined) return undefined
  const { text } = await model.resolve(one.version, pom)
  if (text.includes('${')) return undefined
  return { groupId: one.groupId, artifactId: one.artifactId, version: text }
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
    const own = entry(at, groupId, artifactId)
    if (own?.version !== undefined) return (await model.resolve(own.version, pom)).text
    const byGroup = at.main.managed.find(
      (one) => one.artifactId === artifactId && one.groupId.includes('${') && !isImport(one),
    )
    if (byGroup?.version !== undefined) return (await model.resolve(byGroup.version, pom)).text
  }
  for (const at of chain) {
    for (const inner of importsOf(at)) {
      const next = await coordinatesOf(model, inner, pom)
      const found = await managedBy(model, next, groupId, artifactId, depth + 1)
      if (found !== undefined) return found
    }
  }
  return undefined
}
