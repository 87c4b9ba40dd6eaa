import { shownName } from '../../src/contract/shownText.ts'
import type { DiffContext } from './diffContext.ts'
import { useHost } from './host.ts'

interface Properties {
  readonly path: string
  readonly context: DiffContext
}

/** Leaves a whole file out, or keeps it after all. */
export function DropFile({ path, context: { digest, choice, droppable, kept } }: Properties) {
  const send = useHost()
  const dropped = choice.file(path)
  if (kept(path) !== undefined || (!droppable && !dropped)) return null
  return (
    <button
      type="button"
      class="drop"
      disabled={!droppable}
      onClick={() => send({ type: dropped ? 'keepFile' : 'dropFile', digest, path })}
    >
      {dropped ? 'Keep file' : 'Drop file'}
      <span class="unseen"> {shownName(path)}</span>
    </button>
  )
}

interface HunkProperties extends Properties {
  readonly hunk: number
  /** It is all that the file has. */
  readonly only: boolean
}

export function DropHunk({ path, hunk, only, context }: HunkProperties) {
  const { digest, choice, droppable, kept } = context
  const send = useHost()
  const dropped = choice.hunk(path, hunk)
  const stays = kept(path) === 'written' || (only && kept(path) === 'update')
  if ((!droppable && !dropped) || choice.file(path) || stays) return null
  return (
    <button
      type="button"
      class="drop"
      disabled={!droppable}
      onClick={() => send({ type: dropped ? 'keepHunk' : 'dropHunk', digest, path, hunk })}
    >
      {dropped ? 'Keep' : 'Drop'}
      <span class="unseen">
        {' '}
        part {hunk + 1} of {shownName(path)}
      </span>
    </button>
  )
}
