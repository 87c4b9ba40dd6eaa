import { z } from 'zod'

/** How an attempt of the agent ended. Apart from the events, so that the container's programs start quickly. */
export const AttemptEnd = z.enum(['done', 'turn-limit', 'budget', 'model-error', 'agent-error', 'cancelled'])
export type AttemptEnd = z.infer<typeof AttemptEnd>
