import { z } from 'zod'
import type { ImageNeed } from './need.ts'

/** A package whose tarball goes into a build, checked against this integrity. */
export const Package = z.strictObject({ name: z.string(), version: z.string(), integrity: z.string() })
export type Package = z.infer<typeof Package>

export type Arch = 'x64' | 'arm64'

/** A Debian release that images start from. */
export interface Suite {
  readonly name: string
  /** Multi-architecture image by digest; undefined where the release moves on daily. */
  readonly image: string
}

/** One image on top of another; its tag is a digest of everything in here. */
export interface Recipe {
  readonly name: string
  /** `sandbox/images/<dockerfile>.Dockerfile` */
  readonly dockerfile: string
  readonly from: Recipe | Suite
  readonly args: Readonly<Record<string, string>>
  /** File name in the build context to package. */
  readonly packages: Readonly<Record<string, Package>>
}

/** What recipes are made from. */
export interface Shelf {
  /** `sandbox/images/packages.json`: every version that images carry; each recipe reads its own part. */
  readonly packages: unknown
  readonly arch: Arch
}

/** `<kind>/recipe.ts` */
export interface RecipeModule {
  /** Throws `image-build-failed` where there is no such version. */
  recipe(need: ImageNeed, shelf: Shelf): Recipe
}

const SUITES = {
  bullseye: 'debian:bullseye-slim@sha256:f576b8067b77ff85c70725c976b7b6cde960898e2f19b9abab3fb148407614e2',
  bookworm: 'debian:bookworm-slim@sha256:7c7b2c966bc9ee8cedfeef67e0e279108992c77681fa595db4a9d65c06ccc587',
  trixie: 'debian:trixie-slim@sha256:a29215f6a35e51e22adffa17f89e9d2ef06214e64a2bad10d765c46aea49f11f',
  sid: 'debian:sid-slim',
} as const
export type SuiteName = keyof typeof SUITES

/** Where an image has to start from none in particular. */
export const USUAL_SUITE: SuiteName = 'bookworm'

/** What every image has, on a Debian release. */
export function core(name: SuiteName): Recipe {
  const from: Suite = { name, image: SUITES[name] }
  return { name: `core-${name}`, dockerfile: 'core', from, args: {}, packages: {} }
}

export function isSuite(from: Recipe | Suite): from is Suite {
  return 'image' in from
}
