import {
  AgentDone,
  type AgentStart,
  agentPaths,
  type DocumentAnswer,
  DocumentRequest,
  type VerifyAnswer,
  VerifyRequest,
} from '../../contract/agent.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import type { RelayHandler, RelayRequest, RelayResponse } from '../docker/relay.ts'
import type { GatewayRun } from '../gateway/gatewayRun.ts'

/** Verifies the agent's change so far; advisory. */
export type VerifyChange = (diff: string, signal: AbortSignal) => Promise<VerifyAnswer>

export interface HandlerOptions {
  readonly start: AgentStart
  readonly run: GatewayRun
  readonly verify: VerifyChange
  readonly maxVerifications: number
  /** What is not a file of the workspace, by its address. */
  readonly document: (address: string, signal: AbortSignal) => Promise<DocumentAnswer>
  /** Told when a request begins and when it ends, so that silence can be told from work. */
  readonly onActivity: (busy: boolean) => void
}

export interface AgentHandler {
  readonly handle: RelayHandler
  /** The engine's last word, once it was said. */
  readonly done: AgentDone | undefined
}

/** Characters of a document that go into the container. */
const maxDocument = 400_000
const maxRefusal = 2_000

function json(status: number, value: unknown): RelayResponse {
  const body = Buffer.from(JSON.stringify(value))
  return { status, headers: { 'content-type': 'application/json' }, body }
}

function parsed<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  body: Buffer,
): T | undefined {
  try {
    return schema.safeParse(JSON.parse(body.toString('utf8'))).data
  } catch {
    return undefined
  }
}

/** The runner's side of the requests that the engine may make; anything else is not found. */
export function createAgentHandler(options: HandlerOptions): AgentHandler {
  const { run, start } = options
  const state = { done: undefined as AgentDone | undefined, verifying: false, verifications: 0 }

  async function verify(request: RelayRequest, signal: AbortSignal): Promise<RelayResponse> {
    const asked = parsed(VerifyRequest, request.body)
    if (asked === undefined) return json(400, { error: 'not a verify request' })
    if (state.verifying) return json(200, { ok: false, text: 'A verification is running already.' })
    if (state.verifications >= options.maxVerifications) {
      return json(200, {
        ok: false,
        text: 'No further verification in this attempt; end with what you have.',
      })
    }
    state.verifying = true
    state.verifications += 1
    try {
      return json(200, await options.verify(asked.diff, signal))
    } finally {
      state.verifying = false
    }
  }

  async function document(request: RelayRequest, signal: AbortSignal): Promise<RelayResponse> {
    const asked = parsed(DocumentRequest, request.body)
    if (asked === undefined) return json(400, { error: 'not a request for a document' })
    const answer = await options.document(asked.address, signal)
    if ('refused' in answer) return json(200, { refused: bounded(neutralise(answer.refused), maxRefusal) })
    return json(200, { text: bounded(neutralise(answer.text), maxDocument) })
  }

  function finish(request: RelayRequest): RelayResponse {
    const said = parsed(AgentDone, request.body)
    if (said === undefined || said.runId !== start.runId || state.done !== undefined) {
      return json(400, { error: 'not an end of this run' })
    }
    run.note(said.results)
    run.close()
    state.done = said
    return json(200, {})
  }

  async function route(request: RelayRequest, signal: AbortSignal): Promise<RelayResponse> {
    switch (`${request.method} ${request.target}`) {
      case `GET ${agentPaths.start}`:
        return json(200, start)
      case `POST ${agentPaths.model}`: {
        const { status, body } = await run.handle(request.body, signal)
        return json(status, body)
      }
      case `POST ${agentPaths.verify}`:
        return state.done === undefined ? verify(request, signal) : json(409, { error: 'the run has ended' })
      case `POST ${agentPaths.document}`:
        return document(request, signal)
      case `POST ${agentPaths.done}`:
        return finish(request)
      default:
        return json(404, { error: 'no such path' })
    }
  }

  return {
    async handle(request, signal) {
      options.onActivity(true)
      try {
        return await route(request, signal)
      } finally {
        options.onActivity(false)
      }
    },
    get done() {
      return state.done
    },
  }
}
