import { applyPatch, parsePatch } from 'diff'
import semver from 'semver'
import { parse as parseYaml } from 'yaml'
import { recordOf, tryJson } from '../../../contract/json.ts'
import type { Warning } from '../../../contract/verdict.ts'
import type { Registry } from '../../registries/npm/registry.ts'
import type { Tree } from '../project.ts'
import { setJsonString } from './edit.ts'
import { removeJsonKey, removeYamlKey, renameJsonKey, renameYamlKey } from './keys.ts'
import { documentOf } from './manifest.ts'
import { readTarball } from './release/tarball.ts'

/** A package that moves, and the registry's name of it. */
export interface Moved {
  readonly name: string
  readonly registryName: string
  readonly from?: string
  readonly to: string
}

/** Manifests whose patches follow the versions, and what is to be said of those that do not. */
export interface Carried {
  readonly files: ReadonlyMap<string, Buffer>
  readonly warnings: readonly Warning[]
}

/** Where a manifest lays a patch over a package. */
interface Place {
  readonly file: string
  readonly keys: readonly string[]
  readonly patch: string
  readonly name: string
  /** The version or range that the key names; undefined for all versions. */
  readonly range?: string
}

const maxPatchBytes = 1_000_000

/**
 * Patches that a project keeps of packages that move: one that fits the new version is carried over to it; one that does
 * not is left out, for the code must then do without it, and named.
 */
export async function carryPatches(
  tree: Tree,
  edited: ReadonlyMap<string, Buffer>,
  moved: readonly Moved[],
  registry: Registry,
  signal?: AbortSignal,
): Promise<Carried> {
  const files = new Map(edited)
  const warnings: Warning[] = []
  for (const one of moved) {
    for (const place of await placesOf(tree, one)) {
      const fits = await fitsVersion(tree, place.patch, one, registry, signal)
      const bytes = files.get(place.file) ?? (await tree.read(place.file)) ?? Buffer.alloc(0)
      const text = bytes.toString('utf8')
      const changed = fits ? carried(text, place, one) : leftOut(text, place, one)
      if (changed !== text) files.set(place.file, Buffer.from(changed))
      warnings.push(fits ? carriedOver(place, one) : outOfUse(place, one))
    }
    warnings.push(...patchPackage(tree, one))
  }
  return { files, warnings }
}

async function placesOf(tree: Tree, moved: Moved): Promise<readonly Place[]> {
  const manifest = documentOf(await tree.read('package.json'))
  const workspace: unknown = parseYaml((await tree.read('pnpm-workspace.yaml'))?.toString('utf8') ?? '')
  return [
    ...pnpmPlaces('package.json', ['pnpm', 'patchedDependencies'], manifest),
    ...pnpmPlaces('pnpm-workspace.yaml', ['patchedDependencies'], workspace),
    ...yarnPlaces(manifest),
  ].filter(({ name, range }) => name === moved.registryName && concerns(range, moved))
}

/** Versions that nothing moves from keep their patches. */
function concerns(range: string | undefined, { from, to }: Moved): boolean {
  if (range === undefined) return true
  if (from === undefined || semver.validRange(range) === null) return false
  return semver.satisfies(from, range) || semver.satisfies(to, range)
}

function pnpmPlaces(file: string, keys: readonly string[], document: unknown): readonly Place[] {
  return entriesAt(document, keys).flatMap(([key, patch]) => {
    const [, name = '', range] = /^((?:@[^/]+\/)?[^@]+)(?:@(.+))?$/.exec(key) ?? []
    const place = { file, keys: [...keys, key], patch, name }
    return [range === undefined ? place : { ...place, range }]
  })
}

const yarnPatch = /^patch:((?:@|%40)?[^@]+)@(?:npm(?::|%3A))?([^#]+)#(?:~\/|\.\/)?([^:]+?)(?:::.*)?$/i

/** In dependencies the patch is part of the specifier; a resolution replaces what another asks for. */
function yarnPlaces(document: unknown): readonly Place[] {
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'resolutions']
  return groups.flatMap((group) =>
    entriesAt(document, [group]).flatMap(([key, text]) => {
      const [, name, range = '', patch] = yarnPatch.exec(text) ?? []
      if (name === undefined || patch === undefined || patch.startsWith('builtin')) return []
      const place = { file: 'package.json', keys: [group, key], patch }
      return [{ ...place, name: name.replace(/^%40/i, '@'), range: decodeURIComponent(range) }]
    }),
  )
}

function entriesAt(document: unknown, keys: readonly string[]): readonly (readonly [string, string])[] {
  let at: unknown = document
  for (const key of keys) at = recordOf(at)[key]
  return Object.entries(recordOf(at)).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
}

/** Whether every hunk finds its place in the published files, as package managers ask it. */
async function fitsVersion(
  tree: Tree,
  path: string,
  { registryName, to }: Moved,
  registry: Registry,
  signal?: AbortSignal,
): Promise<boolean> {
  const bytes = await tree.read(path)
  if (bytes === undefined || bytes.length > maxPatchBytes) return false
  const changes = parsed(bytes.toString('utf8'))
  const names = changes?.map(({ oldFileName = '' }) => withoutPrefix(oldFileName))
  if (changes === undefined || names === undefined) return false
  const published = await readTarball(await registry.tarball(registryName, to, signal), (name) =>
    names.includes(name),
  )
  return changes.every((change, index) => {
    const before = change.oldFileName === '/dev/null' ? '' : published.get(names[index] ?? '')
    return before !== undefined && applyPatch(before, change) !== false
  })
}

function parsed(text: string): ReturnType<typeof parsePatch> | undefined {
  try {
    return parsePatch(text)
  } catch {
    return undefined
  }
}

/** patch-package names files from the project's root, the others from the package's. */
function withoutPrefix(name: string): string {
  return name.replace(/^[ab]\//, '').replace(/^node_modules\/(?:@[^/]+\/)?[^/]+\//, '')
}

function carried(text: string, { file, keys, range }: Place, { to }: Moved): string {
  const [group] = keys
  const key = keys.at(-1) ?? ''
  if (group === 'pnpm' || group === 'patchedDependencies') {
    if (range === undefined || semver.satisfies(to, range)) return text
    const renamed = `${key.slice(0, -range.length)}${to}`
    return file.endsWith('.yaml') ? renameYamlKey(text, keys, renamed) : renameJsonKey(text, keys, renamed)
  }
  const value = entriesAt(tryJson(text), keys.slice(0, -1)).find(([name]) => name === key)?.[1] ?? ''
  const moved = value.replace(/^(patch:(?:@|%40)?[^@]+@(?:npm(?::|%3A))?)[^#]+/i, `$1${to}`)
  const set = setJsonString(text, keys, moved)
  return group === 'resolutions' ? renameJsonKey(set, keys, resolutionKey(key, text, to)) : set
}

/** A resolution of `name@npm:range` is found by what the manifest asks for now. */
function resolutionKey(key: string, text: string, to: string): string {
  const [, name, protocol = ''] = /^((?:@[^/]+\/)?[^@]+)@(npm:)?.+$/.exec(key) ?? []
  if (name === undefined) return key
  const manifest = tryJson(text)
  const asked = ['dependencies', 'devDependencies', 'optionalDependencies']
    .flatMap((group) => entriesAt(manifest, [group]))
    .find(([declared]) => declared === name)?.[1]
  return `${name}@${protocol}${asked ?? to}`
}

function leftOut(text: string, { file, keys }: Place, { to }: Moved): string {
  if (file.endsWith('.yaml')) return removeYamlKey(text, keys)
  const [group] = keys
  return group === 'pnpm' || group === 'resolutions'
    ? removeJsonKey(text, keys)
    : setJsonString(text, keys, to)
}

function carriedOver({ patch }: Place, { name, from = 'another version', to }: Moved): Warning {
  return {
    code: `patch-carried:${patch}`,
    message: `${patch} was made for ${name} ${from}; its lines are found in ${to} as well, and it is laid over that.`,
    path: patch,
    severity: 'acknowledge',
  }
}

function outOfUse({ patch }: Place, { name, from = 'another version', to }: Moved): Warning {
  return {
    code: `patch-left-out:${patch}`,
    message: `${patch} was made for ${name} ${from} and does not fit ${to}: the update goes without it. What it mended may be broken again.`,
    path: patch,
    severity: 'acknowledge',
  }
}

/** patch-package lays its patches over what it finds, in a script of the project. */
function patchPackage({ paths }: Tree, { name, from, to }: Moved): readonly Warning[] {
  const prefix = `patches/${name.replace('/', '+')}+`
  return paths
    .filter(
      (path) =>
        path.startsWith(prefix) &&
        /^\d[^+]*(?:\+\d+\+[^+]+)?(?:\.dev)?\.patch$/.test(path.slice(prefix.length)),
    )
    .filter((path) => !path.startsWith(`${prefix}${to}.`) && !path.startsWith(`${prefix}${to}+`))
    .map((path) => ({
      code: `patch-of-other-version:${path}`,
      message: `${path} was made for ${name} ${from ?? 'another version'}, and patch-package tries it on ${to}: make it anew, or take it away.`,
      path,
      severity: 'acknowledge',
    }))
}
