import { z } from 'zod'
import { AttemptEnd } from './attempt.ts'

/** Paths of the requests that the agent's container may make to the runner. */
export const agentPaths = {
  start: '/start',
  model: '/model',
  verify: '/verify',
  document: '/document',
  done: '/done',
} as const

/** Answer to `GET /start`: all that the engine is told. */
export const AgentStart = z.strictObject({
  v: z.literal(1),
  runId: z.string(),
  /** Of the tool manifest that the gateway offers the model. */
  toolsDigest: z.string(),
  model: z.string(),
  /** First user message. */
  prompt: z.string(),
  maxTurns: z.int().positive(),
  maxTokens: z.int().positive(),
  /** Older tool results are dropped from the conversation where it is longer, bytes. */
  compactAtBytes: z.int().positive(),
  toolTimeoutMs: z.int().positive(),
  verifyTimeoutMs: z.int().positive(),
  /** Tree that the final diff is made against; its objects are in the workspace's `.git`. */
  tree: z.string().regex(/^([0-9a-f]{40}|[0-9a-f]{64})$/),
  /** What an earlier attempt left: files already in the workspace, and paths to be deleted first. */
  prior: z.strictObject({ written: z.array(z.string()), deleted: z.array(z.string()) }),
})
export type AgentStart = z.infer<typeof AgentStart>

/** Body of `POST /model`; the gateway builds everything else of the model request itself. */
export const ModelEnvelope = z.strictObject({
  v: z.literal(1),
  runId: z.string().max(100),
  seq: z.int().positive(),
  type: z.literal('messages.create'),
  body: z.unknown(),
})
export type ModelEnvelope = z.infer<typeof ModelEnvelope>

/** Why the gateway did not answer; the engine ends by it. */
export const ModelRefusal = z.strictObject({
  error: z.strictObject({
    type: z.enum(['refused', 'budget', 'turn-limit', 'model-error', 'cancelled']),
    message: z.string(),
  }),
})
export type ModelRefusal = z.infer<typeof ModelRefusal>

/** Body of `POST /verify` and its answer. */
export const VerifyRequest = z.strictObject({ diff: z.string() })
export const VerifyAnswer = z.strictObject({ ok: z.boolean(), text: z.string() })
export type VerifyAnswer = z.infer<typeof VerifyAnswer>

/** What every address of a document of the release begins with, as the agent's Read takes it. */
export const releaseScheme = 'drydock://release/'

/** The two parts of `path/to.jar!/package/Type`, the entry without its first slash; undefined for any other path. */
export function jarAddress(path: string): { readonly jar: string; readonly entry: string } | undefined {
  const [, jar, entry] = /^(.+?\.jar)!(?:\/(.*))?$/is.exec(path) ?? []
  return jar === undefined ? undefined : { jar, entry: entry ?? '' }
}

/** Body of `POST /document`: what the runner has beside the workspace, about the new version or from a jar. */
export const DocumentRequest = z.strictObject({ address: z.string().max(4096) })
/** Its answer: the document, or why there is none. */
export const DocumentAnswer = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ refused: z.string() }),
])
export type DocumentAnswer = z.infer<typeof DocumentAnswer>

const ToolOutcome = z.strictObject({ id: z.string().max(200), isError: z.boolean(), text: z.string() })

/** Body of `POST /done`: the engine's last word. Untrusted: its `end` counts only where the gateway saw no other. */
export const AgentDone = z.strictObject({
  v: z.literal(1),
  runId: z.string(),
  end: AttemptEnd,
  turns: z.int().nonnegative(),
  /** Unified diff of the work tree against the start's tree. */
  diff: z.string(),
  detail: z.string().optional(),
  /** Results of tools that no further request to the model carried. */
  results: z.array(ToolOutcome).max(200),
})
export type AgentDone = z.infer<typeof AgentDone>
