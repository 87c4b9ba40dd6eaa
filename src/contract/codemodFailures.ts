import { failure } from './failure.ts'

/** Repairs that are made again elsewhere. */
export const codemodFailures = {
  badCodemod: (folder: string, why: string) =>
    failure(
      'bad-codemod',
      `${folder} holds no codemod: ${why.replaceAll(/\s+/g, ' ').trim()}`,
      'Name a folder that `drydock distil` wrote, with codemod.json and rules.yml or transform.mjs.',
    ),
  otherCodemod: (its: string, wanted: string) =>
    failure(
      'bad-codemod',
      `The codemod was distilled from an update of ${its}, and this is one of ${wanted}.`,
      `Distil one from a repaired update of ${wanted}, or leave --codemod out.`,
    ),
  folderInUse: (folder: string) =>
    failure(
      'bad-usage',
      `${folder} is not empty.`,
      'Name another folder with -o, or one that is not there yet.',
    ),
  notDistillable: (id: string, why: string) =>
    failure(
      'session-state',
      `Session ${id} cannot be distilled: ${why}.`,
      `It needs a repaired update whose checks are green and that a judge or a person approved: see \`drydock show ${id}\`.`,
    ),
  notDistilled: (id: string, why: string) =>
    failure(
      'not-distilled',
      `No codemod makes the repair of session ${id} again: ${why.replaceAll(/\s+/g, ' ').trim()}`,
      'Try another model with --model; a repair that is particular to its repository stays one for the agent.',
    ),
} as const
