import type { ImageNeed } from './need.ts'
import type { Recipe, RecipeModule, Shelf } from './recipe.ts'

/*
 * A tool chain is found by its name, as an ecosystem is: nothing here names one. The bundler follows such names.
 */

/** The image that answers a need, without Drydock's own programs. */
export async function recipeFor(need: ImageNeed, shelf: Shelf): Promise<Recipe> {
  const { recipe } = (await import(`./${need.kind}/recipe.ts`)) as RecipeModule
  const from = recipe(need, shelf)
  if (need.clock !== true) return from
  return { name: `${from.name}-clock`, dockerfile: 'clock', from, args: {}, packages: {} }
}
