import type { Patch, PatchFile } from '../../../contract/patch.ts'
import type { KitPart } from '../../ecosystems/check.ts'
import type { Ecosystem } from '../../ecosystems/ecosystem.ts'
import type { Project } from '../../ecosystems/project.ts'
import { treeView } from '../../ecosystems/treeView.ts'
import type { BareRepository } from '../../git/repository.ts'
import { roleOf } from '../../patch/roles.ts'

/** Text of a changed file on both sides; empty where there is none. */
export interface Sides {
  readonly before: string
  readonly after: string
}

/** What is put back as one: a test, a tool's configuration, a script. */
export interface KitUnit {
  /** Subject of its warning's code: `test/a.test.js`, `package.json#scripts.test`. */
  readonly id: string
  /** Path that the warning is about. */
  readonly path: string
  readonly kind: 'test' | 'config'
  /** Start of a sentence: `The base's test/a.test.js, put back alone`. */
  readonly said: string
  /** Changed lines: the biggest is looked at first. */
  readonly size: number
  /** Files as the base has them; null where it has none. */
  readonly files: ReadonlyMap<string, Buffer | null>
  readonly parts: readonly KitPart[]
  readonly texts: readonly Sides[]
}

export interface KitRequest {
  readonly baseTree: string
  readonly patchedTree: string
  readonly patch: Patch
  readonly project: Project
}

/** The tool whose configuration a file is, by its name: `eslint` of `.eslintrc.json`, `eslint.config.mjs`. */
export function toolOf(path: string): string {
  const name = (path.split('/').at(-1) ?? path).toLowerCase().replace(/^\./, '')
  return name
    .replace(/(\.(config|conf|opts|workspace|setup))?(\.([cm]?[jt]s|jsonc?|ya?ml|toml))?$/, '')
    .replace(/(rc|ignore)(\.[a-z]+)?$/, '')
}

type Status = KitPart['status']

function sentence(status: Status, what: string): string {
  if (status === 'added') return `${what}, new with the patch and taken out alone`
  return status === 'deleted'
    ? `The base's ${what}, which the patch deletes, put back alone`
    : `The base's ${what}, put back alone`
}

/** Everything of the base's tests, configuration and scripts that a patch changes, each to be put back by itself. */
export async function kitUnits(
  repository: BareRepository,
  ecosystem: Ecosystem,
  request: KitRequest,
): Promise<readonly KitUnit[]> {
  const { baseTree, patchedTree, patch, project } = request
  const units: KitUnit[] = []
  for (const file of patch.files) {
    const role = roleOf(file.path, project.config.testPaths ?? [])
    if (role === 'test' || role === 'config')
      units.push(await fileUnit(repository, baseTree, patchedTree, file, role))
  }
  const [base, patched] = await Promise.all([
    treeView(repository, baseTree),
    treeView(repository, patchedTree),
  ])
  const parts = (await ecosystem.kitParts?.(base, patched, project)) ?? []
  return [...grouped(units, parts)].sort((a, b) => b.size - a.size)
}

async function fileUnit(
  repository: BareRepository,
  baseTree: string,
  patchedTree: string,
  { path, status, additions, deletions }: PatchFile,
  kind: KitUnit['kind'],
): Promise<KitUnit> {
  const [before, after] = await Promise.all([
    repository.read(baseTree, path),
    repository.read(patchedTree, path),
  ])
  const texts = [{ before: before?.toString('utf8') ?? '', after: after?.toString('utf8') ?? '' }]
  const files = new Map([[path, before ?? null]])
  return {
    ...{ id: path, path, kind, files, texts },
    said: sentence(status, path),
    size: additions + deletions,
    parts: [],
  }
}

function partUnit(part: KitPart): KitUnit {
  return {
    id: `${part.manifest}#${part.name}`,
    path: part.manifest,
    kind: 'config',
    said: sentence(part.status, part.label),
    size: 1,
    files: new Map(),
    parts: [part],
    texts: [],
  }
}

/** A tool's configuration that moves from one form to another is one: neither form says anything beside the other. */
function* grouped(files: readonly KitUnit[], parts: readonly KitPart[]): Generator<KitUnit> {
  const tools = new Map<string, KitUnit[]>()
  const add = (tool: string, unit: KitUnit) => tools.set(tool, [...(tools.get(tool) ?? []), unit])
  for (const unit of files) if (unit.kind === 'config') add(toolOf(unit.path), unit)
  for (const part of parts) if (part.tool !== undefined) add(part.tool, partUnit(part))
  const moves = (units: readonly KitUnit[]) => units.some(isNew) && units.some((unit) => !isNew(unit))
  for (const [tool, units] of tools) {
    if (moves(units)) yield together(units, `The base's configuration of ${tool}`)
    else yield* units
  }
  for (const unit of files) if (unit.kind === 'test') yield unit
  for (const part of parts) if (part.tool === undefined) yield partUnit(part)
}

function isNew({ files, parts }: KitUnit): boolean {
  return (
    [...files.values()].every((bytes) => bytes === null) && parts.every(({ status }) => status === 'added')
  )
}

/** Several as one. */
export function together(units: readonly KitUnit[], what: string): KitUnit {
  const names = units.map(({ id }) => id)
  const shown =
    names.length > 4 ? `${names.slice(0, 4).join(', ')} and ${names.length - 4} more` : names.join(', ')
  // The new form is what the person will look for.
  const first = units.find(isNew) ?? units[0]
  return {
    id: first?.id ?? '',
    path: first?.path ?? '',
    kind: units.every(({ kind }) => kind === 'test') ? 'test' : 'config',
    said: `${what}, put back as a whole (${shown})`,
    size: units.reduce((sum, { size }) => sum + size, 0),
    files: new Map(units.flatMap(({ files }) => [...files])),
    parts: units.flatMap(({ parts }) => parts),
    texts: units.flatMap(({ texts }) => texts),
  }
}

/** The patched tree with these put back. */
export async function treeWithout(
  repository: BareRepository,
  patchedTree: string,
  units: readonly KitUnit[],
): Promise<string> {
  const files = new Map<string, Buffer | null>()
  for (const unit of units) for (const [path, bytes] of unit.files) files.set(path, bytes)
  for (const part of units.flatMap(({ parts }) => parts)) {
    const now = files.get(part.manifest) ?? (await repository.read(patchedTree, part.manifest))
    if (now !== undefined) files.set(part.manifest, part.putBack(now))
  }
  return await repository.withFiles(patchedTree, files)
}
