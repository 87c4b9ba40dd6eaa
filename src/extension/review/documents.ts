import { join } from 'node:path'
import { EventEmitter, type TextDocumentContentProvider, Uri } from 'vscode'
import { z } from 'zod'
import { exchangeText } from '../../contract/exchange.ts'
import { tryJson } from '../../contract/json.ts'
import { CommitId, Sha256 } from '../../contract/patch.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { SessionId } from '../../contract/task.ts'
import { neutralise } from '../../contract/text.ts'
import { readExchange } from '../../store/exchange.ts'
import { baseFile } from './baseFiles.ts'
import { patchedText } from './patched.ts'
import type { ReviewStore } from './services.ts'

export const documentScheme = 'drydock-review'

const side = { session: SessionId, tree: CommitId, path: z.string().max(4096) }

/** What a document is of; all of it stands in its address, so that a window that is loaded again can show it. */
const DocumentOf = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('before'), ...side }),
  z.strictObject({ kind: z.literal('after'), digest: Sha256, ...side }),
  z.strictObject({ kind: z.literal('log'), session: SessionId, log: Sha256 }),
  z.strictObject({ kind: z.literal('exchange'), session: SessionId, exchange: Sha256 }),
])
type DocumentOf = z.infer<typeof DocumentOf>

/** Address of a read-only document; the path decides its name and language. */
export function documentUri(name: string, of: DocumentOf): Uri {
  return Uri.from({ scheme: documentScheme, path: `/${name}`, query: JSON.stringify(of) })
}

export interface DocumentSources {
  readonly store: ReviewStore
  /** Folder of all sessions. */
  readonly home: string
  readonly load: (id: string) => Promise<SessionView>
  /** Where git is found: `PATH`. */
  readonly searchPath: string
}

/** Files before and after a patch, and logs: read-only, made in memory from what the session kept. */
export function createDocuments(sources: DocumentSources): TextDocumentContentProvider {
  const changed = new EventEmitter<Uri>()
  return {
    onDidChange: changed.event,
    provideTextDocumentContent: async (uri) => {
      const of = DocumentOf.safeParse(tryJson(uri.query))
      return of.success ? textOf(sources, of.data) : 'This document does not exist.\n'
    },
  }
}

async function textOf({ store, home, load, searchPath }: DocumentSources, of: DocumentOf): Promise<string> {
  if (of.kind === 'log') return neutralise(await artifactText(store, of.session, of.log))
  if (of.kind === 'exchange') {
    const whole = await readExchange((digest) => store.artifact(of.session, digest), of.exchange)
    return neutralise(exchangeText(whole))
  }
  const before = await baseFile({ gitDir: join(home, of.session, 'repo.git'), searchPath }, of.tree, of.path)
  if (of.kind === 'before') return before ?? ''
  const { patch } = await load(of.session)
  const file = patch?.files.find(({ path }) => path === of.path)
  if (patch === null || patch.digest !== of.digest || file === undefined)
    return 'The patch is another one now.\n'
  return patchedText(before, file, await artifactText(store, of.session, of.digest), patch.files)
}

async function artifactText(store: ReviewStore, session: string, digest: string): Promise<string> {
  return Buffer.from(await store.artifact(session, digest)).toString('utf8')
}
