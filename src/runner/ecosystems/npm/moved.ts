import { z } from 'zod'
import { tryJson } from '../../../contract/json.ts'
import type { Locked, OwnScript } from '../locked.ts'
import type { Project, Tree } from '../project.ts'
import { lockOf } from './locks/index.ts'
import { groupKeys, readManifests } from './manifest.ts'
import { parseSpecifier } from './range.ts'
import { readTarball } from './release/tarball.ts'

/** In the order in which npm runs them. */
const lifecycle = ['preinstall', 'install', 'postinstall'] as const

const Manifest = z.looseObject({ scripts: z.record(z.string(), z.unknown()).optional() })

/** What a lock file of npm, pnpm or yarn names; not what lies in the repository itself. */
export async function locked(tree: Tree, project: Pick<Project, 'locks'>): Promise<readonly Locked[]> {
  const { packages } = await lockOf(tree, project)
  return packages
    .filter(({ local }) => !local)
    .map(({ name, version, installScript }) => ({
      ...{ name, version },
      ...(installScript === undefined ? {} : { installScript }),
    }))
}

/** Scripts of a published file's manifest that run on installation; a `binding.gyp` alone is built as well. */
export async function ownScripts(tarball: Uint8Array): Promise<readonly OwnScript[]> {
  const files = await readTarball(tarball, (path) => path === 'package.json' || path === 'binding.gyp')
  const { scripts = {} } =
    Manifest.safeParse(tryJson(Buffer.from(files.get('package.json') ?? ''))).data ?? {}
  const found = lifecycle.flatMap((name) => {
    const command = scripts[name]
    return typeof command === 'string' && command.trim() !== '' ? [{ name, command }] : []
  })
  const isBuilt = files.has('binding.gyp') && !found.some(({ name }) => name !== 'postinstall')
  return isBuilt ? [{ name: 'install', command: 'node-gyp rebuild' }, ...found] : found
}

/** The name at the registry, which an alias in a manifest may hide. */
export async function registryName(tree: Tree, declared: string): Promise<string> {
  const manifests = await readManifests(tree)
  const texts = manifests.flatMap(({ manifest }) => groupKeys.map((group) => manifest[group]?.[declared]))
  const specifiers = texts.map((text) => (text === undefined ? undefined : parseSpecifier(declared, text)))
  return specifiers.find((one) => one !== undefined)?.name ?? declared
}
