import { z } from 'zod'
import { failures } from '../../contract/failures.ts'
import type { ImageNeed } from './sandbox.ts'

/** A package whose tarball goes into a build, checked against this integrity. */
export const Package = z.strictObject({ name: z.string(), version: z.string(), integrity: z.string() })
export type Package = z.infer<typeof Package>

/** `sandbox/images/packages.json`: every version that images carry. */
export const Packages = z.strictObject({
  node: z.record(z.string(), z.partialRecord(z.enum(['x64', 'arm64']), Package)),
  npm: z.record(z.string(), Package),
  managers: z.record(z.string(), Package),
  /** Package managers of their own layer, for lock files that no current one writes. */
  older: z.record(z.string(), Package),
})
export type Packages = z.infer<typeof Packages>

/** A Debian release that images start from. */
export interface Suite {
  readonly name: string
  /** Multi-architecture image by digest; undefined where the release moves on daily. */
  readonly image: string
}

/** One image on top of another; its tag is a digest of everything in here. */
export interface Recipe {
  readonly name: string
  readonly dockerfile: string
  readonly from: Recipe | Suite
  readonly args: Readonly<Record<string, string>>
  /** File name in the build context to package. */
  readonly packages: Readonly<Record<string, Package>>
}

const SUITES = {
  bullseye: 'debian:bullseye-slim@sha256:f576b8067b77ff85c70725c976b7b6cde960898e2f19b9abab3fb148407614e2',
  bookworm: 'debian:bookworm-slim@sha256:7c7b2c966bc9ee8cedfeef67e0e279108992c77681fa595db4a9d65c06ccc587',
  trixie: 'debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f',
  sid: 'debian:sid-slim',
} as const
type SuiteName = keyof typeof SUITES

const NODE_SUITE: SuiteName = 'bookworm'
/** Debian release that carries a JDK. */
const JDK_SUITES: Readonly<Record<number, SuiteName>> = {
  8: 'sid',
  11: 'bullseye',
  17: 'bookworm',
  21: 'trixie',
  25: 'trixie',
}
/** Node that runs Drydock's own programs where the project brings none. */
const OWN_NODE = 24
const FIRST_NODE_WITH_NPM_11 = 24
/** The oldest Node that Drydock's programs run on; an older one lies beside it in an image of its time. */
const OLDEST_OWN_NODE = 18
const OLD_SUITE: SuiteName = 'bullseye'
const NODE_BESIDE_OLD = 22

const suite = (name: SuiteName): Suite => ({ name, image: SUITES[name] })

function core(from: Suite): Recipe {
  return { name: `core-${from.name}`, dockerfile: 'core', from, args: {}, packages: {} }
}

function build(packages: Packages, on: SuiteName = NODE_SUITE): Recipe {
  const files = Object.entries(packages.managers).map(([name, value]) => [`${name}.tgz`, value] as const)
  const from = core(suite(on))
  const name = on === NODE_SUITE ? 'build' : `build-${on}`
  return { name, dockerfile: 'build', from, args: {}, packages: Object.fromEntries(files) }
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

function node({ name, major, from, npm }: NodeWish, packages: Packages, arch: 'x64' | 'arm64'): Recipe {
  const files = tarballs(major, npm ?? npmOf(major), packages, arch)
  return { name, dockerfile: 'node', from, args: {}, packages: files }
}

function tarballs(
  major: number,
  npmMajor: number,
  packages: Packages,
  arch: 'x64' | 'arm64',
): Recipe['packages'] {
  const binary = packages.node[major]?.[arch]
  const npm = packages.npm[npmMajor]
  if (binary && npm) return { 'node.tgz': binary, 'npm.tgz': npm }
  const known = Object.keys(packages.node).filter((other) => packages.node[other]?.[arch] !== undefined)
  throw failures.unsupportedToolchain(`Node ${major} on ${arch}`, known.join(', '))
}

/** A Node of old in a folder of its own, with the tools of its time; ours stays where it always is. */
function oldNode(major: number, packages: Packages, arch: 'x64' | 'arm64'): Recipe {
  const beside = `node-${NODE_BESIDE_OLD}-${OLD_SUITE}`
  const wish = { name: beside, major: NODE_BESIDE_OLD, from: build(packages, OLD_SUITE) }
  const from = node(wish, packages, arch)
  const files = tarballs(major, npmOf(major), packages, arch)
  return { name: `node-${major}`, dockerfile: 'old-node', from, args: {}, packages: files }
}

function withTool(tool: string, from: Recipe, packages: Packages): Recipe {
  const wanted = packages.older[tool]
  if (!wanted) throw failures.unsupportedToolchain(tool, Object.keys(packages.older).join(', '))
  const name = `${from.name}-${tool}`
  return { name, dockerfile: 'tool', from, args: {}, packages: { [`${tool}.tgz`]: wanted } }
}

function jdk(major: number, packages: Packages, arch: 'x64' | 'arm64'): Recipe {
  const release = JDK_SUITES[major]
  if (!release) throw failures.unsupportedToolchain(`JDK ${major}`, Object.keys(JDK_SUITES).join(', '))
  const from = node({ name: `node-${release}`, major: OWN_NODE, from: core(suite(release)) }, packages, arch)
  return { name: `jdk-${major}`, dockerfile: 'jdk', from, args: { JDK: String(major) }, packages: {} }
}

/** The image that answers a need, without Drydock's own programs. */
export function recipeFor(need: ImageNeed, packages: Packages, arch: 'x64' | 'arm64'): Recipe {
  const from = toolchainFor(need, packages, arch)
  if (need.kind === 'agent' || need.clock !== true) return from
  return { name: `${from.name}-clock`, dockerfile: 'clock', from, args: {}, packages: {} }
}

function toolchainFor(need: ImageNeed, packages: Packages, arch: 'x64' | 'arm64'): Recipe {
  if (need.kind === 'jdk') return jdk(need.major, packages, arch)
  if (need.kind === 'agent')
    return node({ name: 'agent', major: OWN_NODE, from: core(suite(NODE_SUITE)) }, packages, arch)
  const { major, npm, tool } = need
  const name = npm === undefined ? `node-${major}` : `node-${major}-npm-${npm}`
  const plain =
    major < OLDEST_OWN_NODE
      ? oldNode(major, packages, arch)
      : node({ name, major, from: build(packages), npm }, packages, arch)
  return tool === undefined ? plain : withTool(tool, plain, packages)
}

export function isSuite(from: Recipe | Suite): from is Suite {
  return 'image' in from
}
