import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import type { ImageNeed } from '../need.ts'
import { core, Package, type Recipe, type Shelf, type SuiteName, USUAL_SUITE } from '../recipe.ts'
import type { NodeNeed } from './need.ts'

/** This recipe's part of `packages.json`. */
export const NodePackages = z.object({
  node: z.record(z.string(), z.partialRecord(z.enum(['x64', 'arm64']), Package)),
  npm: z.record(z.string(), Package),
  managers: z.record(z.string(), Package),
  /** Package managers of their own layer, for lock files that no current one writes. */
  older: z.record(z.string(), Package),
})
type NodePackages = z.infer<typeof NodePackages>

/** Node that runs Drydock's own programs where the project brings none. */
const OWN_NODE = 24
const FIRST_NODE_WITH_NPM_11 = 24
/** The oldest Node that Drydock's programs run on; an older one lies beside it in an image of its time. */
const OLDEST_OWN_NODE = 18
const OLD_SUITE: SuiteName = 'bullseye'
const NODE_BESIDE_OLD = 22

/** What native packages are built with, and every package manager. */
function build({ managers }: NodePackages, on: SuiteName = USUAL_SUITE): Recipe {
  const files = Object.entries(managers).map(([name, value]) => [`${name}.tgz`, value] as const)
  const name = on === USUAL_SUITE ? 'build' : `build-${on}`
  return { name, dockerfile: 'build', from: core(on), args: {}, packages: Object.fromEntries(files) }
}

/** The npm that a Node of this major brings. */
function npmOf(major: number): number {
  if (major < 16) return 6
  if (major < OLDEST_OWN_NODE) return 8
  return major >= FIRST_NODE_WITH_NPM_11 ? 11 : 10
}

interface NodeWish {
  readonly name: string
  readonly major: number
  readonly from: Recipe
  /** The one that this Node brings where undefined. */
  readonly npm?: number | undefined
}

interface Parts {
  readonly packages: NodePackages
  readonly arch: Shelf['arch']
}

function partsOf({ packages, arch }: Shelf): Parts {
  return { packages: NodePackages.parse(packages), arch }
}

function node({ name, major, from, npm }: NodeWish, parts: Parts): Recipe {
  const files = tarballs(major, npm ?? npmOf(major), parts)
  return { name, dockerfile: 'node', from, args: {}, packages: files }
}

function tarballs(major: number, npmMajor: number, { packages, arch }: Parts): Recipe['packages'] {
  const binary = packages.node[major]?.[arch]
  const npm = packages.npm[npmMajor]
  if (binary && npm) return { 'node.tgz': binary, 'npm.tgz': npm }
  const known = Object.keys(packages.node).filter((other) => packages.node[other]?.[arch] !== undefined)
  throw failures.unsupportedToolchain(`Node ${major} on ${arch}`, known.join(', '))
}

/** A Node of old in a folder of its own, with the tools of its time; ours stays where it always is. */
function oldNode(major: number, parts: Parts): Recipe {
  const beside = `node-${NODE_BESIDE_OLD}-${OLD_SUITE}`
  const from = node({ name: beside, major: NODE_BESIDE_OLD, from: build(parts.packages, OLD_SUITE) }, parts)
  const files = tarballs(major, npmOf(major), parts)
  return { name: `node-${major}`, dockerfile: 'old-node', from, args: {}, packages: files }
}

function withTool(tool: string, from: Recipe, { packages }: Parts): Recipe {
  const wanted = packages.older[tool]
  if (!wanted) throw failures.unsupportedToolchain(tool, Object.keys(packages.older).join(', '))
  const name = `${from.name}-${tool}`
  return { name, dockerfile: 'tool', from, args: {}, packages: { [`${tool}.tgz`]: wanted } }
}

/** What Drydock's own programs run on, on a Debian release, for images whose tool chain brings no Node. */
export function ownNode(name: string, on: SuiteName, shelf: Shelf): Recipe {
  return node({ name, major: OWN_NODE, from: core(on) }, partsOf(shelf))
}

export function recipe(need: ImageNeed, shelf: Shelf): Recipe {
  const { major, npm, tool } = need as NodeNeed
  const parts = partsOf(shelf)
  const name = npm === undefined ? `node-${major}` : `node-${major}-npm-${npm}`
  const plain =
    major < OLDEST_OWN_NODE
      ? oldNode(major, parts)
      : node({ name, major, from: build(parts.packages), npm }, parts)
  return tool === undefined ? plain : withTool(tool, plain, parts)
}
