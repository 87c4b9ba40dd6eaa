import { createHash } from 'node:crypto'
import type { Image } from '../docker/sandbox.ts'
import type { InstallRecipe } from '../ecosystems/recipe.ts'

/** Raised when a prepared workspace would come out differently from the same inputs. */
const recipeVersion = 4

export interface KeyInputs {
  /** Which repository: prepared workspaces are never shared between two. */
  readonly repositoryId: string
  /** The source is in the workspace as well as the packages. */
  readonly tree: string
  readonly image: Image
  /** Of the registries that the user's configuration names. */
  readonly registryDigest: string
  readonly recipe: InstallRecipe
}

/** Hex digest of everything that a prepared workspace is made of. */
export function preparedKey({ repositoryId, tree, image, registryDigest, recipe }: KeyInputs): string {
  const files = [...recipe.files].map(([path, bytes]) => [path, sha256(bytes)])
  const store = [...(recipe.store ?? [])].map(([path, bytes]) => [path, sha256(bytes)])
  const { command, env, scripts } = recipe
  const inputs = [
    repositoryId,
    tree,
    image.digest,
    image.need,
    registryDigest,
    files,
    store,
    command,
    env,
    scripts,
  ]
  return sha256(JSON.stringify([recipeVersion, process.arch, ...inputs]))
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
