import { recordOf } from '../../../contract/json.ts'
import type { Patch } from '../../../contract/patch.ts'
import type { Warning } from '../../../contract/verdict.ts'
import type { Tree } from '../project.ts'
import { readLock } from './locks/index.ts'
import { identity, type LockedPackage } from './locks/lock.ts'
import { groupKeys, type ManifestFile, readManifests } from './manifest.ts'
import { workspaceFile, yarnFile } from './pins.ts'
import { parseSpecifier } from './range.ts'
import { readYaml } from './settings.ts'

const lockfiles = /^(npm-shrinkwrap\.json|package-lock\.json|pnpm-lock\.yaml|yarn\.lock)$/

/** What a lock file's change brings that a person must see: hosts, install scripts, missing integrity, drift. */
export async function explainLock(before: Tree, after: Tree, patch: Patch): Promise<readonly Warning[]> {
  const path = patch.files.find((file) => lockfiles.test(file.path))?.path
  const [old, now] = await Promise.all([packagesOf(before, path), packagesOf(after, path)])
  if (path === undefined || now === undefined || old === undefined) return []
  const known = new Map(old.map((entry) => [identity(entry), entry]))
  const added = now.filter((entry) => !known.has(identity(entry)))
  const changed = now.filter((entry) => differs(known.get(identity(entry)), entry))
  const warnings = [
    ...newHosts(old, now),
    ...added
      .filter((entry) => !entry.local && entry.integrity === undefined && usesIntegrity(old))
      .map(noIntegrity),
    ...changed.map(changedIntegrity),
    ...newScripts(old, added),
    ...drift(old, now, added, await changedSpecifiers(before, after)),
  ]
  return warnings.map((warning) => ({ ...warning, path, severity: 'acknowledge' }))
}

type Finding = Pick<Warning, 'code' | 'message'>

async function packagesOf(
  tree: Tree,
  path: string | undefined,
): Promise<readonly LockedPackage[] | undefined> {
  const bytes = path === undefined ? undefined : await tree.read(path)
  if (path === undefined || bytes === undefined) return undefined
  const unique = new Map(
    readLock(path, bytes.toString('utf8')).packages.map((entry) => [identity(entry), entry]),
  )
  return [...unique.values()]
}

function newHosts(old: readonly LockedPackage[], now: readonly LockedPackage[]): Finding[] {
  const before = new Set(old.map(hostOf))
  const hosts = new Set(now.map(hostOf).filter((host) => host !== undefined && !before.has(host)))
  return [...hosts].map((host) => ({
    code: `new-registry-host:${host}`,
    message: `The lock file now takes packages from ${host}.`,
  }))
}

function hostOf(entry: LockedPackage): string | undefined {
  const { resolved } = entry
  return resolved !== undefined && URL.canParse(resolved) ? new URL(resolved).host || undefined : undefined
}

/** Formats without any integrity (yarn berry) cannot lose one. */
function usesIntegrity(old: readonly LockedPackage[]): boolean {
  return old.some((entry) => entry.integrity !== undefined)
}

function noIntegrity(entry: LockedPackage): Finding {
  return {
    code: `missing-integrity:${identity(entry)}`,
    message: `The lock file has no integrity for ${identity(entry)}.`,
  }
}

/** Weaker ones first. */
const algorithms = ['md5', 'sha1', 'sha256', 'sha384', 'sha512']

/**
 * A stronger algorithm in the place of a weaker one is what package managers write of old lock files: both installs held
 * the registry's file against the one that they had.
 */
function differs(old: LockedPackage | undefined, now: LockedPackage): boolean {
  if (old?.integrity === undefined || old.integrity === now.integrity) return false
  const [was, is] = [old, now].map(({ integrity = '' }) => algorithms.indexOf(algorithmOf(integrity)))
  return was === undefined || is === undefined || was < 0 || is <= was
}

/** Of a subresource integrity, of which package managers write the strongest first. */
function algorithmOf(integrity: string): string {
  return integrity.split('-', 1)[0] ?? ''
}

function changedIntegrity(entry: LockedPackage): Finding {
  return {
    code: `changed-integrity:${identity(entry)}`,
    message: `The same version of ${entry.name} has ${entry.integrity === undefined ? 'lost its' : 'another'} integrity.`,
  }
}

/** A package that had install scripts before may have them still. */
function newScripts(old: readonly LockedPackage[], added: readonly LockedPackage[]): Finding[] {
  const before = new Set(old.filter((entry) => entry.installScript === true).map(({ name }) => name))
  return added
    .filter((entry) => entry.installScript === true && !entry.local && !before.has(entry.name))
    .map((entry) => ({
      code: `new-install-script:${entry.name}`,
      message: `${identity(entry)} runs a script when it is installed.`,
    }))
}

/** Added packages that nothing whose specifier changed leads to. */
function drift(
  old: readonly LockedPackage[],
  now: readonly LockedPackage[],
  added: readonly LockedPackage[],
  changed: ReadonlySet<string> | 'all',
): Finding[] {
  if (changed === 'all') return []
  const explained = reachable(now, changed)
  return added
    .filter((entry) => !entry.local && !explained.has(entry.name))
    .map((entry) => ({
      code: `lock-drift:${entry.name}`,
      message: `${entry.name} moved from ${old.find(({ name }) => name === entry.name)?.version ?? 'nothing'} to ${entry.version}, and no changed specifier leads to it.`,
    }))
}

function reachable(packages: readonly LockedPackage[], from: ReadonlySet<string>): ReadonlySet<string> {
  const requires = new Map<string, string[]>()
  for (const entry of packages)
    requires.set(entry.name, [...(requires.get(entry.name) ?? []), ...entry.requires])
  const found = new Set<string>()
  const pending = [...from]
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (found.has(name)) continue
    found.add(name)
    pending.push(...(requires.get(name) ?? []))
  }
  return found
}

/** Names whose specifier differs in some manifest or catalog; `all` where overrides or the like changed. */
async function changedSpecifiers(before: Tree, after: Tree): Promise<ReadonlySet<string> | 'all'> {
  const [old, now] = await Promise.all([specifiersIn(before), specifiersIn(after)])
  if (old.shared !== now.shared) return 'all'
  const was = new Set(old.specifiers)
  const changed = now.specifiers.filter((one) => !was.has(one))
  return new Set(changed.flatMap((one) => namesIn(one)))
}

async function specifiersIn(
  tree: Tree,
): Promise<{ readonly specifiers: readonly string[]; readonly shared: string }> {
  const manifests = await readManifests(tree)
  const [workspace, yarnrc] = await Promise.all([workspaceFile, yarnFile].map((path) => readYaml(tree, path)))
  const catalogs = [workspace, yarnrc].flatMap((settings = {}, index) =>
    [['', settings.catalog] as const, ...Object.entries(recordOf(settings.catalogs))].flatMap(
      ([name, entries]) =>
        Object.entries(recordOf(entries)).map(([key, text]) =>
          JSON.stringify([index, name, key, String(text)]),
        ),
    ),
  )
  const root = manifests[0]?.manifest
  return {
    specifiers: [...manifests.flatMap(specifiersOf), ...catalogs],
    shared: JSON.stringify([root?.overrides, root?.resolutions, root?.pnpm, workspace?.overrides]),
  }
}

/** `path group name specifier`, one text a dependency. */
function specifiersOf({ path, manifest }: ManifestFile): string[] {
  return groupKeys.flatMap((group) =>
    Object.entries(manifest[group] ?? {}).map(([name, text]) => JSON.stringify([path, group, name, text])),
  )
}

/** The declared name and, for an alias, the one at the registry. */
function namesIn(specifier: string): string[] {
  const [, , name = '', text = ''] = JSON.parse(specifier) as string[]
  return [name, parseSpecifier(name, text)?.name ?? name]
}
