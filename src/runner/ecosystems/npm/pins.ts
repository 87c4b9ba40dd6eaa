import { parseResolution as parseYarn } from '@yarnpkg/parsers'
import semver from 'semver'
import { parse as parseYaml } from 'yaml'
import { recordOf } from '../../../contract/json.ts'
import type { PackageManager } from './managers.ts'
import type { ManifestFile } from './manifest.ts'

/** One place that decides a version in the stead of what manifests declare. */
export interface Pin {
  readonly path: string
  readonly keys: readonly string[]
  readonly format: 'json' | 'yaml'
  /** As a person finds it: `pnpm.overrides.ms in package.json`. */
  readonly label: string
  readonly name: string
  readonly text: string
  /** Packages that it holds beneath, outermost first; none: everywhere. */
  readonly parents: readonly string[]
  /** Only declarations whose range meets this one; undefined: all. */
  readonly range?: string
}

export const workspaceFile = 'pnpm-workspace.yaml'
export const yarnFile = '.yarnrc.yml'

/** What stands in for others in the root's manifest, by npm, pnpm and yarn, and in the workspace file of pnpm. */
export function pinsOf(root: ManifestFile | undefined, workspace: string): readonly Pin[] {
  const document = root?.document ?? {}
  const inManifest = { path: root?.path ?? '', format: 'json' } as const
  const pnpm = recordOf(document.pnpm)
  return [
    ...nested(recordOf(document.overrides), ['overrides'], []).map((pin) => ({ ...inManifest, ...pin })),
    ...flat(document.resolutions, ['resolutions'], parseResolution).map((pin) => ({ ...inManifest, ...pin })),
    ...flat(pnpm.overrides, ['pnpm', 'overrides'], parseSelector).map((pin) => ({ ...inManifest, ...pin })),
    ...flat(workspaceOverrides(workspace), ['overrides'], parseSelector).map((pin) => ({
      path: workspaceFile,
      format: 'yaml' as const,
      ...pin,
    })),
  ].map((pin) => ({ ...pin, label: placeLabel(pin.keys, pin.path) }))
}

/** A file that is no YAML is told by what installs from it. */
function workspaceOverrides(text: string): unknown {
  try {
    return recordOf(parseYaml(text)).overrides
  } catch {
    return undefined
  }
}

/** `overrides.debug["."] in package.json`. */
export function placeLabel(keys: readonly string[], path: string): string {
  const parts = keys.map((key, index) => {
    if (/[^\w@/*-]/.test(key)) return `[${JSON.stringify(key)}]`
    return index === 0 ? key : `.${key}`
  })
  return `${parts.join('')} in ${path}`
}

type Bare = Omit<Pin, 'path' | 'format' | 'label'>

/** npm: a replacement may hold those of what is beneath it, and say of itself under a dot. */
function nested(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  parents: readonly string[],
): readonly Bare[] {
  return Object.entries(value).flatMap(([key, inner]) => {
    if (key === '.') return []
    const target = parseName(key)
    const at = [...keys, key]
    const own = typeof inner === 'string' ? inner : recordOf(inner)['.']
    const place = typeof inner === 'string' ? at : [...at, '.']
    return [
      ...(typeof own === 'string' ? [{ ...target, keys: place, text: own, parents }] : []),
      ...nested(recordOf(inner), at, [...parents, target.name]),
    ]
  })
}

interface Target {
  readonly name: string
  readonly range?: string
  readonly parents: readonly string[]
}

function flat(value: unknown, keys: readonly string[], parse: (key: string) => Target): readonly Bare[] {
  return Object.entries(recordOf(value)).flatMap(([key, text]) =>
    typeof text === 'string' ? [{ ...parse(key), keys: [...keys, key], text }] : [],
  )
}

/** `name`, `@scope/name`, `name@range`. */
function parseName(text: string): { readonly name: string; readonly range?: string } {
  const at = text.indexOf('@', 1)
  if (at < 0) return { name: text }
  const range = text.slice(at + 1).replace(/^npm:/, '')
  return { name: text.slice(0, at), ...(range === '' ? {} : { range }) }
}

/** pnpm: `a@1>b@2`; a `>` after a blank, `@` or `|` belongs to a range. */
function parseSelector(key: string): Target {
  const cut = /[^ |@]>/.exec(key)
  if (cut === null) return { ...parseName(key), parents: [] }
  const parent = parseName(key.slice(0, cut.index + 1))
  return { ...parseName(key.slice(cut.index + 2)), parents: [parent.name] }
}

/** yarn: `name`, `parent/name`, classic also with globs between them, each with a descriptor. */
function parseResolution(key: string): Target {
  const plain = key.replaceAll(/(^|\/)\*{1,2}(?=\/)/g, '').replace(/^\//, '')
  try {
    const { from, descriptor } = parseYarn(plain)
    const range = descriptor.description?.replace(/^npm:/, '')
    return {
      name: descriptor.fullName,
      parents: from === undefined ? [] : [from.fullName],
      ...(range === undefined ? {} : { range }),
    }
  } catch {
    // Longer paths, which only classic knows: never a direct dependency.
    return { ...parseName(plain.slice(plain.lastIndexOf('/') + 1)), parents: ['', ''] }
  }
}

/** Each manager reads its own; the others' may say the same for tools that read them. */
export function readBy(manager: PackageManager['name'], { path, keys }: Pin): boolean {
  if (manager === 'npm') return path !== workspaceFile && keys[0] === 'overrides'
  return manager === 'yarn' ? keys[0] === 'resolutions' : path === workspaceFile || keys[0] !== 'overrides'
}

/** Whether it stands in for what the package `owner` declares with a range. */
export function holds(pin: Pin, owner: string | undefined, name: string, range: string): boolean {
  if (pin.name !== name) return false
  if (pin.parents.length > 1 || (pin.parents.length === 1 && pin.parents[0] !== owner)) return false
  if (pin.range === undefined || pin.range === range) return true
  // yarn's descriptors are texts, the others' ranges meet.
  return pin.keys[0] !== 'resolutions' && meet(pin.range, range)
}

function meet(a: string, b: string): boolean {
  if (semver.validRange(a) === null || semver.validRange(b) === null) return false
  return semver.intersects(a, b, { includePrerelease: true })
}
