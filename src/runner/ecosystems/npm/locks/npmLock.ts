import { posix } from 'node:path'
import { z } from 'zod'
import { failures } from '../../../../contract/failures.ts'
import { tryJson } from '../../../../contract/json.ts'
import type { Lock, LockedPackage } from './lock.ts'
import { type NpmTree, parseNpmTree, readNpmTree } from './npmTree.ts'

const Entry = z.looseObject({
  name: z.string().optional(),
  version: z.string().optional(),
  resolved: z.string().optional(),
  integrity: z.string().optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
})
export type NpmEntry = z.infer<typeof Entry>

/** `package-lock.json`, lockfileVersion 2 and 3. */
export const NpmLockFile = z.looseObject({
  lockfileVersion: z.int(),
  packages: z.record(z.string(), Entry),
  dependencies: z.record(z.string(), z.unknown()).optional(),
})
export type NpmLockFile = z.infer<typeof NpmLockFile>

/** Either form: by location, or the tree of lockfileVersion 1. */
export type NpmDocument =
  | { readonly form: 'locations'; readonly lock: NpmLockFile }
  | { readonly form: 'tree'; readonly lock: NpmTree }

/** The document as it was read, once it is known to be one: the order of its keys counts. */
export function parseNpmLock(path: string, text: string): NpmDocument {
  const document = tryJson(text)
  const tree = parseNpmTree(document)
  if (tree !== undefined) return { form: 'tree', lock: tree }
  const parsed = NpmLockFile.safeParse(document)
  if (!parsed.success) throw failures.badManifest(path, z.prettifyError(parsed.error).replaceAll('\n', ' '))
  return { form: 'locations', lock: document as NpmLockFile }
}

/** Name at the registry of the entry at a location such as `node_modules/a/node_modules/@b/c`. */
export function nameAt(location: string, entry: NpmEntry): string {
  return entry.name ?? location.slice(location.lastIndexOf('node_modules/') + 'node_modules/'.length)
}

/** Installed from somewhere, rather than the root, a workspace or a link to one. */
export function isExternal(location: string, entry: NpmEntry): boolean {
  if (entry.link === true || entry.inBundle === true || entry.resolved?.startsWith('file:') === true)
    return false
  return location.includes('node_modules/')
}

/** Of npm 5 or 6. */
export function isOldLock(path: string, text: string): boolean {
  return path.endsWith('.json') && parseNpmLock(path, text).form === 'tree'
}

export function readNpmLock(path: string, text: string): Lock {
  const document = parseNpmLock(path, text)
  if (document.form === 'tree') return readNpmTree(document.lock)
  const { packages } = document.lock
  const at = (location: string): LockedPackage | undefined => {
    const entry = packages[location]
    if (entry === undefined) return undefined
    const target = entry.link === true ? packages[entry.resolved ?? ''] : entry
    return locked(location, { ...entry, version: target?.version ?? entry.version })
  }
  return {
    packages: Object.keys(packages).flatMap((location) => at(location) ?? []),
    knows: (dir) => packages[dir] !== undefined,
    find: (dir, name) => {
      // As Node looks for it: in every folder on the way up.
      for (let folder = dir; folder !== '' && folder !== '.'; folder = posix.dirname(folder)) {
        const found = at(`${folder}/node_modules/${name}`)
        if (found !== undefined) return found
      }
      return at(`node_modules/${name}`)
    },
  }
}

function locked(location: string, entry: NpmEntry): LockedPackage | undefined {
  if (location === '' || entry.version === undefined) return undefined
  const { resolved, integrity, peerDependencies } = entry
  return {
    name: nameAt(location, entry),
    version: entry.version,
    installScript: entry.hasInstallScript === true,
    peers: peerDependencies ?? {},
    requires: [entry.dependencies, entry.optionalDependencies, peerDependencies].flatMap((names) =>
      Object.keys(names ?? {}),
    ),
    local: !isExternal(location, entry),
    ...(resolved === undefined ? {} : { resolved }),
    ...(integrity === undefined ? {} : { integrity }),
  }
}
