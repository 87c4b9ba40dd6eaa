import { stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { type QuickPickItem, Uri, window, workspace } from 'vscode'
import { failures } from '../../contract/failures.ts'
import { plainLabel } from './plainLabel.ts'

/** Where a session is to work. */
export interface Place {
  /** Top of the work tree. */
  readonly root: string
  /** The manifest meant, relative to the root, in slashes; undefined: any. */
  readonly manifest?: string
}

/** The folder whose dependencies are meant. */
export function folderOf({ root, manifest }: Place): string {
  return manifest === undefined ? root : join(root, dirname(manifest))
}

const manifestName = /^(?:package\.json|pom\.xml)$/

/** The repository of the manifest given, else of the workspace: chosen by the person where there are several. */
export async function choosePlace(given: unknown): Promise<Place | undefined> {
  if (given instanceof Uri && given.scheme === 'file') return placeOfFile(given.fsPath)
  const roots = await repositories()
  if (roots.length <= 1) {
    const [root] = roots
    if (root !== undefined) return { root }
    throw failures.notARepository(workspace.workspaceFolders?.[0]?.uri.fsPath ?? 'The window')
  }
  const items = roots.map((root): QuickPickItem & { root: string } => ({
    root,
    label: plainLabel(root.slice(root.lastIndexOf(sep) + 1)),
    description: plainLabel(root),
  }))
  const chosen = await window.showQuickPick(items, { placeHolder: 'Which repository?' })
  return chosen && { root: chosen.root }
}

async function placeOfFile(path: string): Promise<Place> {
  const root = await repositoryOf(dirname(path))
  if (root === undefined) throw failures.notARepository(dirname(path))
  const name = relative(root, path).split(sep).join('/')
  return manifestName.test(name.slice(name.lastIndexOf('/') + 1)) ? { root, manifest: name } : { root }
}

async function repositories(): Promise<readonly string[]> {
  const folders = workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? []
  const roots = await Promise.all(folders.map(({ uri }) => repositoryOf(uri.fsPath)))
  return [...new Set(roots.filter((root) => root !== undefined))]
}

/** The nearest folder upwards with a `.git`; git itself has the last word, in the runner. */
export async function repositoryOf(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, '.git')).catch(() => undefined)
  if (found !== undefined) return folder
  const above = dirname(folder)
  return above === folder ? undefined : repositoryOf(above)
}
