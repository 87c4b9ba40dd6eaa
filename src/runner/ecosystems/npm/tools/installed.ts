import { parse as parseYaml } from 'yaml'
import { z } from 'zod'
import { tryJson } from '../../../../contract/json.ts'
import { escapeRegExp } from '../../../../contract/text.ts'
import type { Tree } from '../../project.ts'

/** What a lock file says of the installed packages, as far as the choice of a Node asks for it. */
export interface Installed {
  readonly path?: string
  /** lockfileVersion of npm's own lock file. */
  readonly format?: number
  /** The oldest Node that the package manager runs on which writes such a lock file. */
  readonly oldest?: number
  /** `engines.node` of the packages that are not optional, where the lock file has them. */
  readonly engines: readonly string[]
  /** Its versions: the one at the top of the tree where the lock file says which that is, else all there are. */
  versions(name: string): readonly string[]
}

const Engines = z.looseObject({ node: z.string().optional() }).optional().catch(undefined)
const NpmEntry = z.looseObject({
  version: z.string().optional(),
  optional: z.boolean().optional(),
  engines: Engines,
})
const NpmLock = z.looseObject({
  lockfileVersion: z.number().optional(),
  packages: z.record(z.string(), NpmEntry).optional(),
  dependencies: z
    .record(z.string(), z.looseObject({ version: z.string().optional() }))
    .optional()
    .catch(undefined),
})
const PnpmEntry = z.looseObject({ engines: Engines, optional: z.boolean().optional() })
const PnpmLock = z.looseObject({
  lockfileVersion: z.coerce.number().optional().catch(undefined),
  packages: z.record(z.string(), PnpmEntry).optional(),
})

const none: Installed = { engines: [], versions: () => [] }

/** Never throws: a lock file that cannot be read is refused elsewhere, in words. */
export async function readInstalled(tree: Tree): Promise<Installed> {
  for (const [path, read] of readers) {
    const bytes = await tree.read(path)
    if (bytes !== undefined) return { path, ...read(bytes.toString('utf8')) }
  }
  return none
}

const readers: readonly (readonly [string, (text: string) => Installed])[] = [
  ['npm-shrinkwrap.json', readNpm],
  ['package-lock.json', readNpm],
  ['pnpm-lock.yaml', readPnpm],
  ['yarn.lock', readYarn],
]

function readNpm(text: string): Installed {
  const lock = NpmLock.safeParse(tryJson(text)).data
  if (lock === undefined) return none
  const packages = Object.entries(lock.packages ?? {}).filter(([location]) =>
    location.includes('node_modules/'),
  )
  return {
    format: lock.lockfileVersion ?? 1,
    oldest: (lock.lockfileVersion ?? 1) >= 3 ? 16 : 0,
    engines: packages.flatMap(([, entry]) => (entry.optional === true ? [] : (entry.engines?.node ?? []))),
    versions: (name) => {
      const top = lock.packages?.[`node_modules/${name}`]?.version ?? lock.dependencies?.[name]?.version
      return top === undefined ? [] : [top]
    },
  }
}

function readPnpm(text: string): Installed {
  const lock = PnpmLock.safeParse(yamlOf(text)).data
  const packages = Object.entries(lock?.packages ?? {})
  return {
    oldest: (lock?.lockfileVersion ?? 0) >= 9 ? 18 : (lock?.lockfileVersion ?? 0) >= 6 ? 16 : 0,
    engines: packages.flatMap(([, entry]) => (entry.optional === true ? [] : (entry.engines?.node ?? []))),
    versions: (name) =>
      packages
        .map(([key]) => key.replace(/^\//, ''))
        .filter((key) => key.startsWith(`${name}@`) || key.startsWith(`${name}/`))
        .map((key) => key.slice(name.length + 1).replace(/[(_].*$/s, '')),
  }
}

function yamlOf(text: string): unknown {
  try {
    return parseYaml(text, { maxAliasCount: 0 })
  } catch {
    return undefined
  }
}

/** Neither yarn writes down what its packages need. */
function readYarn(text: string): Installed {
  const berry = Number(/^__metadata:\r?\n {2}version: (\d+)/m.exec(text)?.[1] ?? 0)
  return {
    oldest: berry >= 8 ? 18 : berry > 0 ? 12 : 0,
    engines: [],
    versions: (name) => {
      const entry = new RegExp(`^"?${escapeRegExp(name)}@[^\\n]*:\\r?\\n {2}version:? "?([^"\\s]+)`, 'gm')
      return [...text.matchAll(entry)].map(([, version = '']) => version)
    },
  }
}
