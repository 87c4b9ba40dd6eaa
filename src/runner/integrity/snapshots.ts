import type { Warning } from '../../contract/verdict.ts'
import { acknowledge, type Change, stem } from './change.ts'

/** Snapshots of one file beyond which a person looks, although they belong to changed code. */
const unremarkable = 3

/** Also what a folder or a name calls expected output. */
const isSnapshot =
  /\.(snap|snapshot|golden|approved)(\.\w+)?$|(^|\/)__(image_)?snapshots__\/|(^|\/)tap-snapshots\/|(^|[/._-])(expected|golden|baselines?)([._-][^/]*)?(\/|$)/i
const entry = /^exports\[`((?:[^`\\]|\\.)*)`\] = `((?:[^`\\]|\\.)*)`;?$/gm
const inline = /\.to\w{0,40}InlineSnapshot\(\s*(`(?:[^`\\]|\\.)*`|'[^'\n]*'|"[^"\n]*")/g

/** A snapshot file's entries; a file of another format is one entry. */
function entriesOf(text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined) return new Map()
  const found = [...text.matchAll(entry)].map(([, name = '', value = '']) => [name, value] as const)
  return found.length === 0 ? new Map([['', text]]) : new Map(found)
}

interface Update {
  readonly path: string
  readonly total: number
  readonly changed: number
  readonly removed: number
}

function updateOf(change: Change): Update | undefined {
  const { path, before, after } = change
  if (isSnapshot.test(path)) {
    if (before === undefined) return undefined
    const [old, now] = [entriesOf(before), entriesOf(after)]
    const changed = [...old].filter(([name, value]) => now.has(name) && now.get(name) !== value).length
    return {
      path,
      total: old.size,
      changed,
      removed: [...old.keys()].filter((name) => !now.has(name)).length,
    }
  }
  const values = (text: string | undefined) => [...(text ?? '').matchAll(inline)].map(([, value]) => value)
  const [old, now] = [values(before), new Set(values(after))]
  return { path, total: old.length, changed: old.filter((value) => !now.has(value)).length, removed: 0 }
}

/** Snapshots that change without the code they belong to, that are many, or that go. */
export function snapshotWarnings(changes: readonly Change[]): Warning[] {
  const sources = new Set(changes.filter(({ role }) => role === 'source').map(({ path }) => stem(path)))
  return changes.flatMap((change): Warning[] => {
    if (change.role !== 'test') return []
    const update = updateOf(change)
    if (update === undefined || update.changed + update.removed === 0) return []
    const { path, total, changed, removed } = update
    if (sources.has(stem(path)) && changed <= unremarkable && removed === 0) return []
    const gone = removed === 0 ? '' : `, ${removed} removed`
    return [
      acknowledge(
        `snapshots:${path}`,
        path,
        `${changed} of ${total} snapshots in ${path} are updated${gone}.`,
      ),
    ]
  })
}
