import type { ImageNeed } from '../need.ts'
import { ownNode } from '../node/recipe.ts'
import { type Recipe, type Shelf, USUAL_SUITE } from '../recipe.ts'

/** Drydock's own programs and no tool chain: what the agent lives in. */
export function recipe(_: ImageNeed, shelf: Shelf): Recipe {
  return ownNode('agent', USUAL_SUITE, shelf)
}
