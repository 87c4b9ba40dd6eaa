import type { PatchSource } from './events.ts'

/** Who made a patch, in a sentence. */
export const makers: Readonly<Record<PatchSource, string>> = {
  update: 'the package manager',
  codemod: 'a codemod',
  repair: 'the agent',
  reviewer: 'the reviewer',
}
