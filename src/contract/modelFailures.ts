import { type Failure, failure } from './failure.ts'

/** The model and its server. */
export const modelFailures = {
  /** `why`: what the turn is needed for, as a sentence; it comes first. */
  noKey: () =>
    failure(
      'no-key',
      'A model is to be asked, and no key for it is set.',
      'Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN and run the command again.',
    ),
  repairNeedsKey: (broken: string) =>
    failure(
      'repair-needs-key',
      `${broken} Nothing was repaired: no key for the model is set.`,
      'Set ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN; `drydock retry ID` then goes on from here, without a second install.',
    ),
  /** `broken`: what the update broke, where that was measured; `why`: how the model was not reached. */
  repairNeedsModel: (broken: string | undefined, { code, message }: Pick<Failure, 'code' | 'message'>) => {
    const nothing = broken === undefined ? 'Nothing was changed' : `${broken} Nothing was repaired`
    const first =
      code === 'model-refused'
        ? 'Check the key, the model and the base URL (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL)'
        : 'Wait until the model answers'
    const on = broken === undefined ? 'goes on' : 'goes on from here, without a second install'
    return failure(
      'repair-needs-model',
      `${nothing}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
      `${first}; \`drydock retry ID\` then ${on}.`,
    )
  },
  modelRefused: (detail: string) =>
    failure(
      'model-refused',
      `The model's server refused the request: ${detail}`,
      'Check the key, the model and the base URL (ANTHROPIC_API_KEY or ANTHROPIC_AUTH_TOKEN, ANTHROPIC_BASE_URL).',
    ),
  modelAnswerTooLarge: (limit: number) =>
    failure(
      'model-refused',
      `The model's answer was larger than ${Math.round(limit / 1024 / 1024)} MiB and was cut off.`,
      'Check what answers at the base URL (ANTHROPIC_BASE_URL).',
    ),
  modelDeclined: () =>
    failure(
      'model-declined',
      'The model declined to work on this task (it ended its answer with `refusal`).',
      'Start a new session with another model, by --model.',
    ),
  modelRepeatedId: (id: string) =>
    failure(
      'model-unavailable',
      `The model's server gave two tool calls the same id, ${id.slice(0, 100)}.`,
      'Check what answers at the base URL (ANTHROPIC_BASE_URL); the session can be started anew.',
    ),
  modelUnavailable: (detail: string) =>
    failure(
      'model-unavailable',
      `The model did not answer after all retries: ${detail}`,
      'Try again later; the session can be started anew.',
    ),
  budgetExceeded: (what: string) =>
    failure(
      'budget-exceeded',
      `The session's budget does not allow another model request: ${what}.`,
      'Raise the limit with --budget-usd or --max-turns, or in the settings.',
    ),
  agentBroken: (detail: string) =>
    failure(
      'agent-broken',
      `The agent's container broke off: ${detail}`,
      'Try again; if it repeats, report it with the output of `drydock doctor`.',
    ),
} as const
