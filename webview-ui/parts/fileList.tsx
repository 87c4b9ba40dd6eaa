import { useEffect, useRef, useState } from 'preact/hooks'
import { shownName } from '../../src/contract/shownText.ts'
import type { DiffFile } from '../model/patch.ts'
import type { DiffContext } from './diffContext.ts'
import { DropFile } from './dropButton.tsx'

interface Properties {
  readonly files: readonly DiffFile[]
  readonly context: DiffContext
  readonly show: (file: DiffFile) => void
}

const roleWords: Readonly<Record<DiffFile['role'], string | undefined>> = {
  source: undefined,
  test: 'test',
  manifest: 'manifest',
  lockfile: 'lock file',
  config: 'configuration',
  ci: 'CI',
  'agent-instructions': 'agent instructions',
  docs: 'docs',
}

/** A longer list would push the lines themselves out of sight. */
const shownAtOnce = 12

/** The files of the patch; each leads to its lines. */
export function FileList({ files, context, show }: Properties) {
  const list = useRef<HTMLUListElement>(null)
  const [all, setAll] = useState(false)
  // The button is gone then: the focus goes on where it stood.
  useEffect(() => {
    if (all) list.current?.querySelectorAll<HTMLElement>('.path')[shownAtOnce]?.focus()
  }, [all])
  const shown = all || files.length <= shownAtOnce + 1 ? files : files.slice(0, shownAtOnce)
  return (
    <nav aria-label="Files of the change">
      <ul class="files" ref={list}>
        {shown.map((file) => (
          <li key={file.path} class={context.choice.file(file.path) ? 'dropped' : undefined}>
            <Status status={file.status} />
            <button type="button" class="link path" title={shownName(file.path)} onClick={() => show(file)}>
              <Path path={file.path} />
            </button>
            {roleWords[file.role] === undefined ? null : <span class="kind">{roleWords[file.role]}</span>}
            <Numbers file={file} />
            <DropFile path={file.path} context={context} />
          </li>
        ))}
      </ul>
      {shown.length === files.length ? null : (
        <button type="button" class="link all-files" onClick={() => setAll(true)}>
          Show all {files.length} files
        </button>
      )}
    </nav>
  )
}

/** In one line: where the room is short the folders are cut, never the name. */
function Path({ path }: { readonly path: string }) {
  const name = path.lastIndexOf('/') + 1
  return (
    <>
      <span class="folders">{shownName(path.slice(0, name))}</span>
      <span class="name">{shownName(path.slice(name))}</span>
    </>
  )
}

export function Status({ status }: { readonly status: DiffFile['status'] }) {
  const letter = { added: 'A', modified: 'M', deleted: 'D' }[status]
  return (
    <span class={`status status-${status}`} title={status}>
      <span aria-hidden="true">{letter}</span>
      <span class="unseen">{status}</span>
    </span>
  )
}

export function Numbers({ file: { additions, deletions } }: { readonly file: DiffFile }) {
  return (
    <span class="numbers">
      <span class="plus">+{additions}</span> <span class="minus">−{deletions}</span>
      <span class="unseen"> lines</span>
    </span>
  )
}
