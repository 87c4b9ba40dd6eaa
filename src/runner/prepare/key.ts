import { createHash } from 'node:crypto'
import type { Image } from '../docker/sandbox.ts'
import type { InstallRecipe } from '../ecosystems/recipe.ts'

/** Raised when a prepared workspace would come out differently from the same inputs. */
const recipeVersion = 4

export interface InstallInputs {
  /** Which repository: nothing that was installed is ever shared between two. */
  readonly repositoryId: string
  readonly image: Image
  /** Of the registries that the user's configuration names. */
  readonly registryDigest: string
  readonly recipe: InstallRecipe
}

/** Hex digest of everything that an install is made of. */
export function installKey({ repositoryId, image, registryDigest, recipe }: InstallInputs): string {
  const files = [...recipe.files].map(([path, bytes]) => [path, sha256(bytes)])
  const store = [...(recipe.store ?? [])].map(([path, bytes]) => [path, sha256(bytes)])
  const { command, env, scripts } = recipe
  const inputs = [repositoryId, image.digest, image.need, registryDigest, files, store, command, env, scripts]
  return sha256(JSON.stringify([recipeVersion, process.arch, ...inputs]))
}

/** Hex digest of everything that a prepared workspace is made of: the source is in it as well as the packages. */
export function preparedKey(install: string, tree: string): string {
  return sha256(JSON.stringify([install, tree]))
}

function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}
