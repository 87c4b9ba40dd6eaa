import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { parseEventLines } from '../../contract/eventLines.ts'
import type { Event } from '../../contract/events.ts'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import { sessionView } from '../../contract/sessionView.ts'
import { type RepositoryRef, SessionId, Task } from '../../contract/task.ts'
import { sessionFiles } from '../../store/files.ts'
import { makeFolder } from '../../store/folder.ts'
import { readEvents } from '../../store/read.ts'

export interface ImportOptions {
  readonly sessions: string
  readonly file: string
  readonly now: Date
  /** The repository on this machine, where a person named it. */
  readonly repository?: Pick<RepositoryRef, 'root' | 'branch' | 'remote'>
  /** Whether that repository has a commit; one that has not is another one. */
  readonly hasCommit?: (commit: string) => Promise<boolean>
}

export const archiveLimits = {
  fileBytes: 512 * 1024 * 1024,
  totalBytes: 1024 * 1024 * 1024,
  entryBytes: 256 * 1024 * 1024,
  entries: 20_000,
} as const

class Refused extends Error {}

const plain = /^(task\.json|events\.jsonl|artifacts\/[0-9a-f]{64})$/

/**
 * Opens a session that was exported elsewhere, under its own id. Everything is read and checked in a folder beside the
 * sessions before it becomes one. Throws `bad-archive`, and nothing is left behind.
 */
export async function readArchive(options: ImportOptions): Promise<SessionId> {
  const { sessions, file } = options
  await makeFolder(sessions)
  // A name that is no session's: whatever ends this, nobody takes it for one.
  const scratch = await mkdtemp(join(sessions, 'import-'))
  try {
    const digest = await unpack(file, scratch)
    const { task, events, moved } = await checked(scratch, options)
    const folder = join(sessions, task.id)
    const imported: Event = {
      ...{ v: 1, seq: events.length + 1, time: options.now.toISOString() },
      ...{ type: 'session.imported', archive: digest },
    }
    const lines = [...moved, imported].map((event) => `${JSON.stringify(event)}\n`)
    await writeFile(sessionFiles.events(scratch), lines.join(''), { mode: 0o600 })
    if (options.repository !== undefined && (await isUntouched(folder, digest)))
      await rm(folder, { recursive: true, force: true })
    await writeFile(sessionFiles.task(scratch), `${JSON.stringify(task, undefined, 2)}\n`, { mode: 0o600 })
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      throw ['ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'EPERM'].includes(error.code ?? '')
        ? failures.sessionKnown(task.id)
        : error
    })
    return task.id
  } catch (error) {
    if (error instanceof Refused) throw failures.badArchive(file, error.message)
    throw error
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

/** The same archive, which nobody has done anything with here: it may be opened again for the repository that is its own. */
async function isUntouched(folder: string, archive: string): Promise<boolean> {
  const last = (await readEvents(folder).catch(() => [])).at(-1)
  return last?.type === 'session.imported' && last.archive === archive
}

/** The files of an archive, each a regular one with a name of ours; returns the archive's own digest. */
async function unpack(file: string, scratch: string): Promise<string> {
  const found = await stat(file).catch(() => undefined)
  if (found?.isFile() !== true) throw new Refused('there is no such file')
  if (found.size > archiveLimits.fileBytes) throw new Refused('it is too large')
  await mkdir(sessionFiles.artifacts(scratch), { mode: 0o700 })
  const whole = createHash('sha256')
  const source = createReadStream(file)
  source.on('data', (chunk) => whole.update(chunk))
  const unzipped = createGunzip()
  const tar = extract()
  source.on('error', (error) => unzipped.destroy(error))
  unzipped.on('error', () => tar.destroy(new Refused('it is no tar.gz, or it is damaged')))
  source.pipe(unzipped).pipe(tar)
  const seen = new Set<string>()
  let total = 0
  try {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header
      const why = refusal(name, type, size, seen)
      if (why !== undefined) throw new Refused(why)
      seen.add(name)
      total += size
      if (total > archiveLimits.totalBytes) throw new Refused('it unpacks to too much')
      await writeFile(join(scratch, name), await contentOf(name, entry), { mode: 0o600, flag: 'wx' })
    }
  } catch (error) {
    if (error instanceof Refused) throw error
    throw new Refused('it is no tar.gz, or it is damaged')
  } finally {
    source.destroy()
    unzipped.destroy()
  }
  return whole.digest('hex')
}

function refusal(
  name: string,
  type: string | null | undefined,
  size: number,
  seen: ReadonlySet<string>,
): string | undefined {
  const shown = JSON.stringify(name.slice(0, 100))
  if (type !== 'file') return `${shown} is a ${type ?? 'thing'}, not a file`
  if (!plain.test(name)) return `${shown} does not belong to a session`
  if (seen.has(name)) return `${shown} is there twice`
  if (size > archiveLimits.entryBytes) return `${shown} is too large`
  return seen.size >= archiveLimits.entries ? 'it holds too many files' : undefined
}

async function contentOf(name: string, entry: AsyncIterable<unknown>): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of entry) pieces.push(piece as Buffer)
  const bytes = Buffer.concat(pieces)
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (name.startsWith('artifacts/') && basename(name) !== digest)
    throw new Refused(`${name} is not what its name says`)
  return bytes
}

interface Checked {
  readonly task: Task
  readonly events: readonly Event[]
  /** The events with the task as it is here. */
  readonly moved: readonly Event[]
}

async function checked(scratch: string, options: ImportOptions): Promise<Checked> {
  const read = (path: string): Promise<string> =>
    readFile(path, 'utf8').catch(() => {
      throw new Refused(`it has no ${basename(path)}`)
    })
  const parsed = Task.safeParse(tryJson(await read(sessionFiles.task(scratch))))
  if (!parsed.success) throw new Refused('its task is none')
  const events = eventsOf(await read(sessionFiles.events(scratch)))
  const [first] = events
  if (first?.type !== 'session.created' || JSON.stringify(first.task) !== JSON.stringify(parsed.data))
    throw new Refused('its log is not that of its task')
  if (events.some(({ type }, at) => type === 'session.created' && at > 0))
    throw new Refused('its log begins twice')
  if (sessionView(events).outcome === null) throw new Refused('the session was at work when it was written')
  const { baseCommit } = parsed.data.repository
  const { repository, hasCommit } = options
  if (repository !== undefined && (await hasCommit?.(baseCommit)) === false)
    throw failures.otherRepository(repository.root, baseCommit)
  const task = here(parsed.data, options)
  const moved = events.map((event) => (event === first ? { ...first, task } : event))
  return { task, events, moved }
}

function eventsOf(text: string): readonly Event[] {
  try {
    if (text !== '' && !text.endsWith('\n')) throw new Refused('its log breaks off')
    return parseEventLines('events.jsonl', text, 0)
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error
    throw new Refused(error.failure.message.replace(/\.$/, ''))
  }
}

/** The task on this machine: what of it would steer this machine's hosts and paths is this machine's own to say. */
export function here(
  task: Task,
  { sessions, repository }: Pick<ImportOptions, 'sessions' | 'repository'>,
): Task {
  const {
    githubApiUrl: _api,
    gitlabUrl: _url,
    gitHosts: _hosts,
    runtime: _runtime,
    ...settings
  } = task.settings
  const { root: was, branch: _branch, remote: _remote, ...rest } = task.repository
  const elsewhere = join(placeOfNone(sessions, task.id), safeName(was))
  return { ...task, settings, repository: { ...rest, ...(repository ?? { root: elsewhere }) } }
}

/** Where the repository of a session seems to be that has none on this machine: a folder that is never made. */
export function placeOfNone(sessions: string, id: string): string {
  return join(sessions, SessionId.parse(id), 'elsewhere')
}

function safeName(path: string): string {
  const name = path.split(/[\\/]/).at(-1) ?? ''
  return /^[\w.-]{1,100}$/.test(name) && !/^\.+$/.test(name) ? name : 'repository'
}
