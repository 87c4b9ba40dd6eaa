import { shownName } from '../../src/contract/shownText.ts'
import { changedRanges, pieces } from '../model/emphasis.ts'
import type { DiffFile, DiffHunk, DiffLine } from '../model/patch.ts'
import type { DiffRow } from '../model/rows.ts'
import type { Syntax, Token } from '../model/syntax.ts'
import type { DiffContext } from './diffContext.ts'
import { DropFile, DropHunk } from './dropButton.tsx'
import { Numbers, Status } from './fileList.tsx'
import { useHost } from './host.ts'
import { Icon } from './icon.tsx'

interface Properties<Row extends DiffRow = DiffRow> {
  readonly row: Row
  readonly context: DiffContext
}

export function DiffRowView({ row, context }: Properties) {
  switch (row.kind) {
    case 'file':
      return <FileHead row={row} context={context} />
    case 'note':
      return <p class="diff-note">{row.text}</p>
    case 'hunk':
      return <HunkHead row={row} context={context} />
    case 'lines':
      return <Lines row={row} context={context} />
  }
}

function FileHead({ row: { file, open }, context }: Properties<Extract<DiffRow, { kind: 'file' }>>) {
  const send = useHost()
  const dropped = context.choice.file(file.path)
  return (
    <div class={dropped ? 'file-head dropped' : 'file-head'}>
      <button
        type="button"
        class="file-toggle"
        aria-expanded={open}
        onClick={() => context.toggle(file.path)}
      >
        <Icon name={open ? 'open' : 'closed'} />
        <Status status={file.status} />
        <span class="path">{shownName(file.path)}</span>
      </button>
      {dropped ? <span class="kind">dropped</span> : null}
      <Numbers file={file} />
      <button type="button" class="link" onClick={() => send({ type: 'openFile', path: file.path })}>
        Open<span class="unseen"> {shownName(file.path)} in the diff editor</span>
      </button>
      <DropFile path={file.path} context={context} />
    </div>
  )
}

function HunkHead({ row: { file, hunk }, context }: Properties<Extract<DiffRow, { kind: 'hunk' }>>) {
  const dropped = context.choice.hunk(file.path, hunk.at)
  return (
    <div class={dropped ? 'hunk-head dropped' : 'hunk-head'} tabIndex={-1}>
      <code>{hunk.heading}</code>
      {dropped ? <span class="kind">dropped</span> : null}
      <DropHunk path={file.path} hunk={hunk.at} only={file.hunks.length === 1} context={context} />
    </div>
  )
}

function Lines({
  row: { file, hunk, left, right, last },
  context,
}: Properties<Extract<DiffRow, { kind: 'lines' }>>) {
  const state = `${context.choice.hunk(file.path, hunk.at) ? ' dropped' : ''}${last === true ? ' last' : ''}`
  const common = { file, hunk, syntax: context.syntax }
  const here = context.marked !== undefined && (left === context.marked || right === context.marked)
  const mark = here ? { tabIndex: -1, 'aria-current': 'true' as const } : {}
  if (context.layout === 'unified') {
    if (left === undefined) return null
    return (
      <div class={`line line-${left.kind}${state}${here ? ' marked' : ''}`} {...mark}>
        <Gutter number={left.old} />
        <Gutter number={left.now} />
        <Code line={left} {...common} side={left.kind === 'deleted' ? 'old' : 'now'} />
      </div>
    )
  }
  return (
    <div class={`line split${state}${here ? ' marked' : ''}`} {...mark}>
      <Half line={left} {...common} side="old" />
      <Half line={right} {...common} side="now" />
    </div>
  )
}

function Gutter({ number }: { readonly number: number | undefined }) {
  return <span class="gutter">{number ?? ''}</span>
}

interface CodeProperties {
  readonly line: DiffLine
  readonly file: DiffFile
  readonly hunk: DiffHunk
  readonly syntax: Syntax
  readonly side: 'old' | 'now'
}

function Half({ line, ...common }: Omit<CodeProperties, 'line'> & { readonly line: DiffLine | undefined }) {
  if (line === undefined) return <div class="half half-none" />
  return (
    <div class={`half line-${line.kind}`}>
      <Gutter number={common.side === 'old' ? line.old : line.now} />
      <Code line={line} {...common} />
    </div>
  )
}

const signs = { same: ' ', added: '+', deleted: '−' } as const
const spoken = { same: '', added: 'added: ', deleted: 'deleted: ' } as const

/** A line in its colours; its sign is text, so that colour is never all that tells. */
function Code({ line, file, hunk, syntax, side }: CodeProperties) {
  const at = side === 'old' ? line.oldAt : line.nowAt
  const key = `${file.at}.${hunk.at}`
  const found = at === undefined ? undefined : syntax.line(file.path, key, hunk, side, at)
  const tokens: readonly Token[] = found === undefined || found.length === 0 ? [{ text: line.text }] : found
  const ranges = line.other === undefined ? [] : changedRanges(line.text, line.other)
  return (
    <>
      <span class="sign" aria-hidden="true">
        {signs[line.kind]}
      </span>
      <code class="code">
        {spoken[line.kind] === '' ? null : <span class="unseen">{spoken[line.kind]}</span>}
        {pieces(tokens, ranges).map(({ text, scope, changed }, place) => (
          <span key={place} class={changed ? `${scope ?? ''} changed` : scope}>
            {text}
          </span>
        ))}
        {line.unended === true ? <span class="small"> no newline at its end</span> : null}
      </code>
    </>
  )
}
