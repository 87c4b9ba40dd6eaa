import type { PlayedPull, PlayedRepository } from './world.ts'

/** What GraphQL calls a pull request by. */
export function nodeIdOf(
  { id }: Pick<PlayedRepository, 'id'>,
  { number }: Pick<PlayedPull, 'number'>,
): string {
  return `PR_${id}_${number}`
}
