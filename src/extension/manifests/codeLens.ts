import { dirname, relative, sep } from 'node:path'
import {
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  EventEmitter,
  languages,
  Range,
  type TextDocument,
  workspace,
} from 'vscode'
import { manifestNames } from '../../contract/ecosystems/index.ts'
import type { OutdatedDependency } from '../../contract/outdated.ts'
import { shownName } from '../../contract/shownText.ts'
import { repositoryOf } from '../commands/place.ts'
import type { Services } from '../services.ts'
import { groupOf, sessionText } from '../sessions/sessionText.ts'
import type { SessionSummary } from '../sessions/summary.ts'
import { declarationsIn } from './declarations.ts'

const freshMs = 10 * 60_000

interface Asked {
  readonly at: number
  readonly version: string
  readonly rows: Promise<readonly OutdatedDependency[]>
}

/** Newer versions above the lines that declare a dependency; each starts its update. */
export function createCodeLenses(services: () => Promise<Services>): Disposable {
  const changed = new EventEmitter<void>()
  const asked = new Map<string, Asked>()
  const rowsOf = (document: TextDocument): Promise<readonly OutdatedDependency[]> => {
    // A folder's manifest may be a project of its own.
    const folder = dirname(document.uri.fsPath)
    const known = asked.get(folder)
    // The registry is asked again after a while, and when the manifest was saved.
    const version = document.isDirty ? (known?.version ?? '') : `${document.uri.fsPath}:${document.version}`
    if (known !== undefined && known.version === version && Date.now() - known.at < freshMs) return known.rows
    const rows = services().then(({ runner }) => runner.outdated(folder))
    asked.set(folder, { at: Date.now(), version, rows })
    rows.catch(() => asked.delete(folder)) // asked again the next time
    return rows
  }
  const provider: CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    async provideCodeLenses(document) {
      if (workspace.getConfiguration('drydock').get('showUpdatesInManifests') === false) return []
      if (document.uri.fsPath.includes(`${sep}node_modules${sep}`)) return []
      const root = await repositoryOf(dirname(document.uri.fsPath))
      if (root === undefined) return []
      // What cannot be asked for now is not shown; the command says why.
      const rows = await rowsOf(document).catch(() => [])
      const { store } = await services()
      return lensesOf(document, root, { rows, sessions: store.list() })
    },
  }
  const patterns = manifestNames.map((name) => ({ scheme: 'file', pattern: `**/${name}` }))
  const registered = languages.registerCodeLensProvider(patterns, provider)
  const started = services().then(({ store }) => store.onDidChange(() => changed.fire()))
  const settings = workspace.onDidChangeConfiguration((change) => {
    if (change.affectsConfiguration('drydock.showUpdatesInManifests')) changed.fire()
  })
  return {
    dispose() {
      registered.dispose()
      settings.dispose()
      void started.then((listening) => listening.dispose())
      changed.dispose()
    },
  }
}

interface Known {
  readonly rows: readonly OutdatedDependency[]
  readonly sessions: readonly SessionSummary[]
}

function lensesOf(document: TextDocument, root: string, { rows, sessions }: Known): CodeLens[] {
  const manifest = relative(root, document.uri.fsPath).split(sep).join('/')
  const here = new Map(rows.filter((row) => row.manifest === manifest).map((row) => [row.name, row]))
  return declarationsIn(document.fileName, document.getText()).flatMap(({ name, offset }) => {
    const at = document.positionAt(offset)
    const range = new Range(at, at)
    const session = sessions.find((one) => isAbout(one, { root, name, manifest }))
    if (session !== undefined) return [sessionLens(range, session)]
    const row = here.get(name)
    if (row === undefined) return []
    const versions =
      row.wanted === row.current || row.wanted === row.latest ? [row.latest] : [row.wanted, row.latest]
    return versions.map((requested) => lens(document, range, { row, requested, manifest }))
  })
}

interface Declared {
  readonly root: string
  readonly name: string
  readonly manifest: string
}

/** The newest session that is at work on a declaration, waits for a person, or has its pull request open. */
function isAbout(one: SessionSummary, { root, name, manifest }: Declared): boolean {
  if (one.root !== root || one.package !== name) return false
  if (one.folder !== manifest.slice(0, Math.max(0, manifest.lastIndexOf('/')))) return false
  return groupOf(one) === 'running' || groupOf(one) === 'waiting' || one.outcome === 'published'
}

/** Says what there is instead of offering it again. */
function sessionLens(range: Range, session: SessionSummary): CodeLens {
  const { icon, title } = sessionText(session, Date.now())
  const words = session.outcome === 'published' ? ['pull request open'] : session.words
  return new CodeLens(range, {
    title: `$(${icon}) ${title}: ${words.join(', ')}`,
    tooltip: 'Open its review',
    command: 'drydock.openReview',
    arguments: [session.id],
  })
}

interface Offer {
  readonly row: OutdatedDependency
  readonly requested: string
  readonly manifest: string
}

function lens(document: TextDocument, range: Range, { row, requested, manifest }: Offer): CodeLens {
  const change = requested === row.latest ? ` (${row.change})` : ''
  return new CodeLens(range, {
    title: `$(package) Update ${shownName(row.current)} → ${shownName(requested)}${change}`,
    tooltip: 'Update in the background, verify, and review',
    command: 'drydock.updateDependency',
    arguments: [document.uri, { package: row.name, requested, manifest, confirm: true }],
  })
}
