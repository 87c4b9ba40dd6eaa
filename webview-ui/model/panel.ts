import type { Failure } from '../../src/contract/failure.ts'
import type { PullRequestPreview, PullRequestWording } from '../../src/contract/pullRequest.ts'
import type { ReviewView, TurnDetail, TurnHead } from '../../src/contract/reviewView.ts'
import type { MessageToPanel } from '../../src/contract/webviewMessages.ts'
import { type DiffFile, readDiff } from './patch.ts'

/** All that the extension told the panel. */
export interface Panel {
  readonly review: ReviewView | undefined
  readonly turns: readonly TurnHead[]
  readonly details: ReadonlyMap<number, TurnDetail>
  /** Requests and replies that somebody opened, by their turn's place. */
  readonly exchanges: ReadonlyMap<number, KeptExchange>
  readonly patch: { readonly digest: string; readonly text: string } | undefined
  /** The patch in parts; undefined while its text is not here, null where it cannot be read. */
  readonly files: readonly DiffFile[] | null | undefined
  /** What the session was, moment by moment; undefined before it was asked for. */
  readonly past: Past | undefined
  readonly pastPatches: ReadonlyMap<string, string>
  /** The pull request as it would be; undefined before it was asked for. */
  readonly preview: PreviewOnShow | undefined
  readonly failure: Failure | undefined
}

export interface PreviewOnShow {
  /** The patch that it is of. */
  readonly digest: string
  /** What was asked about last. */
  readonly wording: PullRequestWording
  /** The last one that could be made. */
  readonly preview?: PullRequestPreview
  /** What is wrong with the wording that was asked about last. */
  readonly failure?: Failure
}

export type KeptExchange = Pick<Extract<MessageToPanel, { type: 'exchange' }>, 'parts' | 'problem'>

export type Past = Omit<Extract<MessageToPanel, { type: 'past' }>, 'type'>

export const emptyPanel: Panel = {
  review: undefined,
  turns: [],
  details: new Map(),
  exchanges: new Map(),
  patch: undefined,
  files: undefined,
  past: undefined,
  pastPatches: new Map(),
  preview: undefined,
  failure: undefined,
}

export type PanelChange = MessageToPanel | { readonly type: 'dismiss' }

export function changed(panel: Panel, change: PanelChange): Panel {
  switch (change.type) {
    case 'review':
      return withFiles({ ...panel, review: change.review }, panel)
    case 'patch':
      return withFiles({ ...panel, patch: { digest: change.digest, text: change.text } }, panel)
    case 'turns':
      return withTurns(panel, change.turns, change.total)
    case 'turn':
      return { ...panel, details: new Map(panel.details).set(change.turn.index, change.turn) }
    case 'exchange':
      return { ...panel, exchanges: new Map(panel.exchanges).set(change.index, change) }
    case 'past':
      return { ...panel, past: { moments: change.moments, patches: change.patches } }
    case 'pastPatch':
      return { ...panel, pastPatches: new Map(panel.pastPatches).set(change.digest, change.text) }
    case 'preview':
      return { ...panel, preview: previewed(panel.preview, change) }
    case 'failed':
      return { ...panel, failure: change.failure }
    case 'dismiss':
      return { ...panel, failure: undefined }
    default:
      return panel
  }
}

function previewed(
  before: PreviewOnShow | undefined,
  { digest, wording, preview, failure }: Extract<MessageToPanel, { type: 'preview' }>,
): PreviewOnShow {
  const shown = preview ?? (before?.digest === digest ? before.preview : undefined)
  return {
    ...{ digest, wording },
    ...(shown === undefined ? {} : { preview: shown }),
    ...(failure === undefined ? {} : { failure }),
  }
}

/** Read once a patch: the text and the list of its files come one after the other. */
function withFiles(panel: Panel, before: Panel): Panel {
  const digest = panel.review?.session.patch?.digest
  const shown = before.review?.session.patch?.digest
  if (panel.patch === before.patch && digest === shown) return panel
  if (panel.patch === undefined || panel.patch.digest !== digest) return { ...panel, files: undefined }
  const files = panel.review?.session.patch?.files ?? []
  return { ...panel, files: readDiff(panel.patch.text, files) ?? null }
}

function withTurns(panel: Panel, heads: readonly TurnHead[], total: number): Panel {
  const turns = panel.turns.slice(0, total)
  const details = new Map(panel.details)
  for (const head of heads) {
    turns[head.index] = head
    details.delete(head.index)
  }
  return { ...panel, turns, details }
}
