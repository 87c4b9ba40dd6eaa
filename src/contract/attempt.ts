import { z } from 'zod'

/** How an attempt of the agent ended. Apart from the events, so that the container's programs start quickly. */
export const AttemptEnd = z.enum([
  'done',
  'turn-limit',
  'budget',
  'model-error',
  'agent-error',
  'cancelled',
  /** It said by its tool that this cannot be done. */
  'cannot-repair',
])
export type AttemptEnd = z.infer<typeof AttemptEnd>
