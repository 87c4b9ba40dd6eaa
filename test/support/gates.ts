import assert from 'node:assert/strict'
import { readPatch } from '../../src/runner/patch/read.ts'
import type { Gate } from '../../src/runner/publish/newBase.ts'
import type { PublishableSession } from './publishableSession.ts'

/** For a publication whose base stays where it is. */
export const unmoved: Gate = ({ branch }) => Promise.reject(new Error(`${branch} has not moved`))

/** A gate behind which everything is as it was: what it would have measured is the session's own. */
export function opensFor({ held }: Pick<PublishableSession, 'held'>): Gate {
  return async ({ patch: text, ...move }) => {
    const { text: _, ...patch } = readPatch(text, move.to)
    await held.log.artifacts.put(text)
    const { matrix } = held.view()
    assert.ok(matrix !== null)
    const event = { ...move, tree: move.to, patch, reports: [], matrix, warnings: [] }
    held.log.emit({ type: 'base.taken', ...event })
    return held.view()
  }
}
