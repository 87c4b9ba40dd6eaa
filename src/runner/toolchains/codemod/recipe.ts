import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { recipe as agent } from '../agent/recipe.ts'
import type { ImageNeed } from '../need.ts'
import { Package, type Recipe, type Shelf } from '../recipe.ts'

/** This recipe's part of `packages.json`: the program that applies rules to code, by architecture. */
const CodemodPackages = z.object({ codemod: z.partialRecord(z.enum(['x64', 'arm64']), Package) })

/** The agent's, with what applies rules to code. */
export function recipe(need: ImageNeed, shelf: Shelf): Recipe {
  const { codemod } = CodemodPackages.parse(shelf.packages)
  const wanted = codemod[shelf.arch]
  if (!wanted)
    throw failures.unsupportedToolchain(`codemods on ${shelf.arch}`, Object.keys(codemod).join(', '))
  const files = { 'ast-grep.tgz': wanted }
  return { name: 'codemod', dockerfile: 'codemod', from: agent(need, shelf), args: {}, packages: files }
}
