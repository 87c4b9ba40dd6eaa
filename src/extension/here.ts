import { workspace } from 'vscode'
import type { SessionSummary } from './sessions/summary.ts'

/** Whether a session is about a repository that the window has open, or a folder of it. */
export function isHere({ root }: Pick<SessionSummary, 'root'>): boolean {
  return (
    workspace.workspaceFolders?.some(({ uri }) => within(uri.fsPath, root) || within(root, uri.fsPath)) ===
    true
  )
}

function within(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`)
}
