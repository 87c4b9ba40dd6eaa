import { createWriteStream } from 'node:fs'
import { readdir, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { type Pack, pack } from 'tar-stream'
import { Sha256 } from '../../contract/patch.ts'
import { readArtifact } from '../../store/artifacts.ts'
import { sessionFiles } from '../../store/files.ts'
import { readEvents } from '../../store/read.ts'
import { makeRedactor } from '../../store/redact.ts'
import { readTask } from '../../store/session.ts'
import { holdsSecret } from '../secretTexts.ts'

export interface ExportOptions {
  readonly sessions: string
  readonly id: string
  /** Path that is made, and replaced by nothing. */
  readonly file: string
  /** Never in the file, in whatever form. */
  readonly secrets: readonly string[]
  /** The user's home folder: a path below it tells who they are. */
  readonly userHome: string
}

export interface Exported {
  readonly artifacts: number
  /** Digests of artifacts that hold something that looks like a secret. */
  readonly left: readonly string[]
}

const mtime = new Date('2020-01-01T00:00:00Z')

/** A session's task, log and artifacts as one tar.gz; nothing else of its folder, and no path of this machine. */
export async function writeArchive(options: ExportOptions): Promise<Exported> {
  const { sessions, id, file, secrets, userHome } = options
  const folder = join(sessions, id)
  const task = await readTask(sessions, id)
  const { clean, mayLeave } = cleanerOf({ secrets, userHome, root: task.repository.root })
  const events = await readEvents(folder)
  const out = pack()
  const left: string[] = []
  let artifacts = 0
  const fill = async (): Promise<void> => {
    await add(out, 'task.json', Buffer.from(`${JSON.stringify(clean(task), undefined, 2)}\n`))
    const lines = events.map((event) => `${JSON.stringify(clean(event))}\n`)
    await add(out, 'events.jsonl', Buffer.from(lines.join('')))
    for (const digest of await artifactsIn(folder)) {
      const bytes = await readArtifact(folder, digest)
      if (!mayLeave(bytes)) left.push(digest)
      else {
        artifacts += 1
        await add(out, `artifacts/${digest}`, bytes)
      }
    }
    out.finalize()
  }
  const partial = `${file}.partial`
  try {
    const write = pipeline(out, createGzip(), createWriteStream(partial, { mode: 0o600 }))
    await Promise.all([write, fill().catch((error: unknown) => out.destroy(error as Error))])
    await rename(partial, file)
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
  return { artifacts, left }
}

/** What makes texts of a session fit to leave this machine. */
export interface Cleaner {
  /** A value with each of its strings cleaned of secrets and of paths of this machine. */
  clean<T>(value: T): T
  /** Whether an artifact holds nothing that has to stay. */
  mayLeave(bytes: Buffer): boolean
}

/** `root`: the repository's folder. */
export function cleanerOf({
  secrets,
  userHome,
  root,
}: Pick<ExportOptions, 'secrets' | 'userHome'> & { readonly root: string }): Cleaner {
  const redactor = makeRedactor(secrets)
  const hide = (text: string): string =>
    [
      [root, basename(root)],
      [userHome, '~'],
    ].reduce((said, [from = '', to = '']) => (from.length < 4 ? said : said.replaceAll(from, to)), text)
  return {
    clean: <T>(value: T): T => mapped(redactor.value(value), hide) as T,
    mayLeave: (bytes) => redactor.bytes(bytes) === bytes && !holdsSecret(bytes.toString('utf8')),
  }
}

function add(out: Pack, name: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    out.entry({ name, size: bytes.length, mode: 0o600, mtime }, bytes, (error) =>
      error ? reject(error) : resolve(),
    )
  })
}

/** Digests of a session's artifacts. */
export async function artifactsIn(folder: string): Promise<readonly string[]> {
  const dir = sessionFiles.artifacts(folder)
  const entries = await readdir(dir, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && Sha256.safeParse(entry.name).success)
    .map(({ name }) => name)
    .toSorted()
}

/** Every string within a JSON value, keys apart. */
function mapped(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((inner) => mapped(inner, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapped(inner, map)]))
}
