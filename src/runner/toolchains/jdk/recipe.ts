import { failures } from '../../../contract/failures.ts'
import type { ImageNeed } from '../need.ts'
import { ownNode } from '../node/recipe.ts'
import type { Recipe, Shelf, SuiteName } from '../recipe.ts'
import type { JdkNeed } from './need.ts'

/** Debian release that carries a JDK. */
const JDK_SUITES: Readonly<Record<number, SuiteName>> = {
  8: 'sid',
  11: 'bullseye',
  17: 'bookworm',
  21: 'trixie',
  25: 'trixie',
}

export function recipe(need: ImageNeed, shelf: Shelf): Recipe {
  const { major } = need as JdkNeed
  const release = JDK_SUITES[major]
  if (!release) throw failures.unsupportedToolchain(`JDK ${major}`, Object.keys(JDK_SUITES).join(', '))
  const from = ownNode(`node-${release}`, release, shelf)
  return { name: `jdk-${major}`, dockerfile: 'jdk', from, args: { JDK: String(major) }, packages: {} }
}
