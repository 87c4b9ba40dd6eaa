import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { tryJson } from '../../../contract/json.ts'
import type { Tree } from '../project.ts'
import type { Manifest } from './manifest.ts'

/** A package manager as `Project.packageManager` writes it: `yarn@4`. */
export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn'
  /** Its major version; `4.9`, `4.13` and `4.14` are yarns for older formats of the lock file. */
  readonly major: number
  /** Undefined for a project without a lock file. */
  readonly lockfile?: string
}

const lockfiles = ['npm-shrinkwrap.json', 'package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const

/** The lock file decides; where there are several, the manifest's `packageManager` field. */
export async function detectPackageManager(
  tree: Tree,
  manifest: Manifest,
  npmMajor: number,
): Promise<PackageManager> {
  const present = lockfiles.filter((path) => tree.paths.includes(path))
  const declared = /^(npm|pnpm|yarn)@(\d+)/.exec(manifest.packageManager ?? '')
  const chosen = present.find((path) => managerOf(path) === declared?.[1]) ?? present[0]
  if (chosen === undefined) return withoutLock(tree, declared, npmMajor)
  const text = (await tree.read(chosen))?.toString('utf8') ?? ''
  if (chosen === 'pnpm-lock.yaml') return { name: 'pnpm', major: pnpmMajor(text, declared), lockfile: chosen }
  if (chosen === 'yarn.lock') return { name: 'yarn', major: await yarnVersion(tree, text), lockfile: chosen }
  expectNpmLock(chosen, text)
  return { name: 'npm', major: npmMajor, lockfile: chosen }
}

/** Not in every image: it is added where a lock file needs it. */
export function isOlder({ name, major }: PackageManager): boolean {
  return (name === 'pnpm' && major < 8) || (name === 'yarn' && (major === 2 || major === 3.1))
}

export function parsePackageManager(text: string): { name: PackageManager['name']; major: number } {
  const [name = 'npm', major = '0'] = text.split('@')
  return { name: name === 'pnpm' || name === 'yarn' ? name : 'npm', major: Number(major) }
}

export function lockfileOf(name: PackageManager['name']): string {
  return { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml', yarn: 'yarn.lock' }[name]
}

function managerOf(lockfile: string): string {
  if (lockfile === 'pnpm-lock.yaml') return 'pnpm'
  return lockfile === 'yarn.lock' ? 'yarn' : 'npm'
}

function withoutLock(tree: Tree, declared: RegExpExecArray | null, npmMajor: number): PackageManager {
  const name = declared?.[1]
  if (name === 'yarn') return { name, major: { 1: 1, 3: 3 }[Number(declared?.[2])] ?? 4 }
  if (name === 'pnpm' || tree.paths.includes('pnpm-workspace.yaml')) return { name: 'pnpm', major: 10 }
  return { name: 'npm', major: npmMajor }
}

function expectNpmLock(path: string, text: string): void {
  const Lock = z.looseObject({ lockfileVersion: z.int().optional() })
  const parsed = Lock.safeParse(tryJson(text))
  if (!parsed.success) throw failures.badManifest(path, 'not a lock file of npm')
}

function pnpmMajor(text: string, declared: RegExpExecArray | null): number {
  const version = /^lockfileVersion: *['"]?(\d[\d.]*)/m.exec(text)?.[1] ?? ''
  // The minor number counts what the same format may hold as well: 6.1 is pnpm 8 with one more setting.
  const [format] = version.split('.')
  if (format === '9') {
    const major = declared?.[1] === 'pnpm' ? Number(declared[2]) : 10
    return [9, 10, 11].includes(major) ? major : 10
  }
  if (format === '6') return 8
  // pnpm 6, which wrote 5.3 and less, does not run on a Node that has images.
  if (format === '5') return 7
  throw failures.unsupportedPackageManager(
    `pnpm-lock.yaml has lockfileVersion ${version || 'unknown'}.`,
    'Run `pnpm install` with pnpm 7 or later and commit the lock file.',
  )
}

/** By the version of the lock file's format: another yarn would migrate it. */
const yarnByFormat: Readonly<Record<number, number>> = {
  4: 2,
  5: 3.1,
  6: 3,
  // Only candidates of yarn 4 wrote it; the next format says the same.
  7: 4.9,
  8: 4.9,
  9: 4.14,
  10: 4,
}

/** The last yarn of that format that writes it, and the first that knows catalogs. */
const yarnWithCatalogs = 4.13

async function yarnVersion(tree: Tree, text: string): Promise<number> {
  if (!/^__metadata:/m.test(text)) return 1
  const Lock = z.looseObject({ __metadata: z.looseObject({ version: z.coerce.number() }) })
  const parsed = Lock.safeParse(parseYaml(text))
  const format = parsed.success ? parsed.data.__metadata.version : undefined
  const found = format === undefined ? undefined : yarnByFormat[format]
  if (found === yarnByFormat[8] && (await hasCatalogs(tree))) return yarnWithCatalogs
  if (found !== undefined) return found
  throw failures.unsupportedPackageManager(
    `yarn.lock has the format ${format ?? 'of no known version'}.`,
    'Run `yarn install` with yarn 2 or later and commit the lock file.',
  )
}

async function hasCatalogs(tree: Tree): Promise<boolean> {
  const text = (await tree.read('.yarnrc.yml'))?.toString('utf8') ?? ''
  return /^catalogs?:/m.test(text)
}
