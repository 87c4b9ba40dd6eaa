import { useEffect, useLayoutEffect, useMemo, useReducer, useState } from 'preact/hooks'
import { mayDrop } from '../../src/contract/approval.ts'
import type { ReviewView } from '../../src/contract/reviewView.ts'
import { shownName } from '../../src/contract/shownText.ts'
import { keptInDrop } from '../../src/contract/states/ofUpdate.ts'
import { choiceOf } from '../model/choice.ts'
import type { DiffFile } from '../model/patch.ts'
import type { Place } from '../model/quotes.ts'
import { closedAtFirst, type DiffLayout, type DiffRow, diffRows, rowOf } from '../model/rows.ts'
import { Syntax } from '../model/syntax.ts'
import { DiffRowView } from './diffRow.tsx'
import { FileList } from './fileList.tsx'
import { useHeight } from './height.ts'
import { useHost } from './host.ts'
import { VirtualList } from './virtualList.tsx'

interface Properties {
  /** Undefined while the text of the patch is not here, null where it cannot be read. */
  readonly files: readonly DiffFile[] | null | undefined
  readonly review: ReviewView
  readonly layout: DiffLayout | undefined
  readonly setLayout: (layout: DiffLayout) => void
  readonly covered: number
  /** A line to bring on show, and a number that changes when it is asked for. */
  readonly asked: { readonly place: Place; readonly times: number } | undefined
}

/** The patch: which files, and every line of them. */
export function Changes({ files, ...properties }: Properties) {
  const { session } = properties.review
  if (session.patch === null || session.patch.files.length === 0)
    return <p class="none">There is no change{session.outcome === null ? ' yet' : ''}.</p>
  if (files === undefined) return <p class="none">Reading the patch…</p>
  if (files === null)
    return <p class="none">The patch cannot be shown in parts. Open it in the diff editor.</p>
  return <Diff key={session.patch.digest} digest={session.patch.digest} files={files} {...properties} />
}

const narrow = 760
const wide = 1100

function useWidth(): number {
  const [width, setWidth] = useState(window.innerWidth)
  useEffect(() => {
    const measure = () => setWidth(window.innerWidth)
    window.addEventListener('resize', measure)
    return () => window.removeEventListener('resize', measure)
  }, [])
  return width
}

type DiffProperties = Omit<Properties, 'files'> & {
  readonly digest: string
  readonly files: readonly DiffFile[]
}

function Diff({ digest, files, review, layout, setLayout, covered, asked }: DiffProperties) {
  const width = useWidth()
  const [closed, setClosed] = useState(() => closedAtFirst(files))
  const [goTo, setGoTo] = useState<{ readonly key: string; readonly asked: number }>()
  const [top, setTop] = useState<DiffFile | undefined>(files[0])
  const [, coloured] = useReducer((count: number) => count + 1, 0)
  const syntax = useMemo(() => new Syntax(() => coloured(undefined)), [digest])
  const bar = useHeight()
  const shown = width < narrow ? 'unified' : (layout ?? (width >= wide ? 'split' : 'unified'))
  const rows = useMemo(() => diffRows(files, closed, shown), [files, closed, shown])
  const choice = useMemo(() => choiceOf(review.dropped), [review.dropped])
  const go = (key: string) => setGoTo({ key, asked: (goTo?.asked ?? 0) + 1 })
  const toggle = (path: string) => {
    const next = new Set(closed)
    if (!next.delete(path)) next.add(path)
    setClosed(next)
  }
  useLayoutEffect(() => {
    if (asked === undefined) return
    const { file, line } = asked.place
    setClosed(new Set([...closed].filter((path) => path !== file.path)))
    const key = rowOf(file, line, shown)
    if (key !== undefined) go(key)
  }, [asked?.times])
  useKeys((event) => stepThrough(event, rows, go))
  const context = {
    digest,
    choice,
    syntax,
    toggle,
    layout: shown,
    marked: asked?.place.line,
    droppable: mayDrop(review) && review.pending === null,
    kept: (path: string) => keptInDrop(review.session, path),
  }
  return (
    <div class={`diff diff-${shown}`}>
      <FileList files={files} context={context} show={(file) => go(`${file.at}`)} />
      <div class="diff-bar" ref={bar.element} style={{ top: `${covered}px` }}>
        <Bar
          digest={digest}
          top={top}
          shown={shown}
          choosable={width >= narrow}
          setLayout={setLayout}
          allClosed={closed.size === files.length}
          setClosed={(all) => setClosed(new Set(all ? files.map(({ path }) => path) : []))}
        />
      </div>
      <VirtualList
        rows={rows}
        estimate={heightOf}
        render={(row) => <DiffRowView row={row} context={context} />}
        label="Diff"
        covered={covered + bar.height}
        goTo={goTo}
        onTop={(row) => setTop(row.file)}
      />
    </div>
  )
}

function heightOf(row: DiffRow): number {
  return row.kind === 'file' ? 42 : row.kind === 'lines' ? 20 : 28
}

/** Keys that mean something wherever the focus is, but where a person writes. */
function useKeys(hear: (event: KeyboardEvent) => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.target instanceof HTMLTextAreaElement)) hear(event)
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  })
}

/** `n` and `p` go to the next and the previous hunk from where the focus is. */
function stepThrough(event: KeyboardEvent, rows: readonly DiffRow[], go: (key: string) => void): void {
  if (event.ctrlKey || event.metaKey || event.altKey || (event.key !== 'n' && event.key !== 'p')) return
  const focused = document.activeElement?.closest<HTMLElement>('.virtual-row')?.dataset.index
  const at = focused === undefined ? -1 : Number(focused)
  const found =
    event.key === 'n'
      ? rows.find((row, index) => index > at && row.kind === 'hunk')
      : rows.findLast((row, index) => index < at && row.kind === 'hunk')
  if (found === undefined) return
  event.preventDefault()
  go(found.key)
}

interface BarProperties {
  readonly digest: string
  readonly top: DiffFile | undefined
  readonly shown: DiffLayout
  /** There is room for two sides. */
  readonly choosable: boolean
  readonly setLayout: (layout: DiffLayout) => void
  readonly allClosed: boolean
  readonly setClosed: (all: boolean) => void
}

function Bar({ digest, top, shown, choosable, setLayout, allClosed, setClosed }: BarProperties) {
  const send = useHost()
  const other = shown === 'unified' ? 'split' : 'unified'
  return (
    <>
      <span class="at" aria-hidden="true">
        {top === undefined ? '' : shownName(top.path)}
      </span>
      <button type="button" class="link" onClick={() => setClosed(!allClosed)}>
        {allClosed ? 'Expand all' : 'Collapse all'}
      </button>
      {choosable ? (
        <button type="button" class="link" onClick={() => setLayout(other)}>
          {other === 'split' ? 'Side by side' : 'Unified'}
        </button>
      ) : null}
      <button type="button" class="link" onClick={() => send({ type: 'openDiff', digest })}>
        Open in diff editor
      </button>
    </>
  )
}
