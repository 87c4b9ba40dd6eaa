import { stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { type QuickPickItem, Uri, window, workspace } from 'vscode'
import { manifestNames } from '../../contract/ecosystems/index.ts'
import { failures } from '../../contract/failures.ts'
import { plainLabel } from './plainLabel.ts'

/** Where a session is to work. */
export interface Place {
  /** Top of the work tree. */
  readonly root: string
  /** The folder that the window shows, where it lies below the top; a project may be there. */
  readonly folder?: string
  /** The manifest meant, relative to the root, in slashes; undefined: any. */
  readonly manifest?: string
}

/** The folder whose dependencies are meant. */
export function folderOf({ root, folder = root, manifest }: Place): string {
  return manifest === undefined ? folder : join(root, dirname(manifest))
}

/** The repository of the manifest given, else of the workspace: chosen by the person where there are several. */
export async function choosePlace(given: unknown): Promise<Place | undefined> {
  if (given instanceof Uri && given.scheme === 'file') return placeOfFile(given.fsPath)
  const places = await repositories()
  if (places.length <= 1) {
    const [place] = places
    if (place !== undefined) return place
    const folder = workspace.workspaceFolders?.[0]?.uri.fsPath
    throw folder === undefined ? failures.noFolderOpen() : failures.notARepository(folder)
  }
  const items = places.map(({ root, ...place }): QuickPickItem & { place: Place } => ({
    place: { root, ...place },
    label: plainLabel(root.slice(root.lastIndexOf(sep) + 1)),
    description: plainLabel(root),
  }))
  const chosen = await window.showQuickPick(items, { placeHolder: 'Which repository?', ignoreFocusOut: true })
  return chosen?.place
}

async function placeOfFile(path: string): Promise<Place> {
  const root = await repositoryOf(dirname(path))
  if (root === undefined) throw failures.notARepository(dirname(path))
  const name = relative(root, path).split(sep).join('/')
  return manifestNames.includes(name.slice(name.lastIndexOf('/') + 1)) ? { root, manifest: name } : { root }
}

async function repositories(): Promise<readonly Place[]> {
  const folders = workspace.workspaceFolders?.filter(({ uri }) => uri.scheme === 'file') ?? []
  const found = new Map<string, string[]>()
  for (const { uri } of folders) {
    const root = await repositoryOf(uri.fsPath)
    if (root !== undefined) found.set(root, [...(found.get(root) ?? []), uri.fsPath])
  }
  return [...found].map(([root, [folder, ...others]]) =>
    folder === undefined || folder === root || others.length > 0 ? { root } : { root, folder },
  )
}

/** The nearest folder upwards with a `.git`; git itself has the last word, in the runner. */
export async function repositoryOf(folder: string): Promise<string | undefined> {
  const found = await stat(join(folder, '.git')).catch(() => undefined)
  if (found !== undefined) return folder
  const above = dirname(folder)
  return above === folder ? undefined : repositoryOf(above)
}
