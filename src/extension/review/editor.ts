import { commands, env, Range, Uri, ViewColumn, window } from 'vscode'
import type { PatchFile } from '../../contract/patch.ts'
import { sessionTitle } from '../../contract/sessionTitle.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { shownName } from '../../contract/shownText.ts'
import { mend } from '../mend.ts'
import { documentUri } from './documents.ts'
import type { ReviewEditor } from './services.ts'

/** What the editor needs to know of the session on show. */
export interface OnShow {
  readonly session: () => SessionView | undefined
  /** Tree that the patch is made against. */
  readonly tree: () => string | undefined
  readonly openReview: (id: string) => void
  readonly hasKey: () => Promise<boolean>
}

/** Diffs and logs in the editor's own views. */
export function reviewEditor(onShow: OnShow): ReviewEditor {
  return {
    async openDiff() {
      const { session, patch, tree } = known(onShow)
      if (patch === null || tree === undefined) return
      const changes = patch.files.map((file) => [
        Uri.from({ scheme: 'drydock-review', path: `/${file.path}` }),
        ...sides(session, tree, file),
      ])
      await commands.executeCommand('vscode.changes', titleOf(session), changes)
    },
    async openFile(path, line) {
      const { session, patch, tree } = known(onShow)
      const file = patch?.files.find((other) => other.path === path)
      if (file === undefined || tree === undefined) return
      const [before, after] = sides(session, tree, file)
      const empty = documentUri(file.path, { kind: 'before', session: session.id, tree, path: file.path })
      const selection = line === undefined ? {} : { selection: new Range(line - 1, 0, line - 1, 0) }
      const title = `${shownName(path)} (${titleOf(session)})`
      await commands.executeCommand('vscode.diff', before ?? empty, after ?? empty, title, selection)
    },
    async openBase(path, line) {
      const { session, tree } = known(onShow)
      if (tree === undefined) return
      const uri = documentUri(path, { kind: 'before', session: session.id, tree, path })
      const selection = new Range(line - 1, 0, line - 1, 0)
      await window.showTextDocument(uri, { preview: true, viewColumn: ViewColumn.Active, selection })
    },
    async openLink(url, trusted) {
      if (!trusted && !(await confirmed(url))) return
      await env.openExternal(Uri.parse(url, true))
    },
    async openLog(title, log) {
      const { session } = known(onShow)
      const uri = documentUri(`${title}.log`, { kind: 'log', session: session.id, log })
      await window.showTextDocument(uri, { preview: true, viewColumn: ViewColumn.Active })
    },
    async openExchange(title, exchange) {
      const { session } = known(onShow)
      const uri = documentUri(`${title}.txt`, { kind: 'exchange', session: session.id, exchange })
      await window.showTextDocument(uri, { preview: true, viewColumn: ViewColumn.Active })
    },
    openReview: onShow.openReview,
    async key() {
      if (!(await onShow.hasKey())) await mend('setKey')
      return onShow.hasKey()
    },
    mend,
    openFolder: async (path) =>
      void (await commands.executeCommand('vscode.openFolder', Uri.file(path), { forceNewWindow: true })),
  }
}

function known({ session, tree }: OnShow) {
  const found = session()
  if (found === undefined) throw new Error('the session has no event yet')
  return { session: found, patch: found.patch, tree: tree() }
}

/** Before and after; undefined where the file is not there. */
function sides(
  session: SessionView,
  tree: string,
  file: PatchFile,
): readonly [Uri | undefined, Uri | undefined] {
  const { path, status } = file
  const of = { session: session.id, tree, path }
  const digest = session.patch?.digest ?? ''
  return [
    status === 'added' ? undefined : documentUri(path, { kind: 'before', ...of }),
    status === 'deleted' ? undefined : documentUri(path, { kind: 'after', digest, ...of }),
  ]
}

function titleOf(session: SessionView): string {
  return shownName(sessionTitle(session))
}

async function confirmed(url: string): Promise<boolean> {
  const open = 'Open'
  const answer = await window.showWarningMessage(
    'The review panel asks to open this address.',
    { modal: true, detail: shownName(url) },
    open,
  )
  return answer === open
}
