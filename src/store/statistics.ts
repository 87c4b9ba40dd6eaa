import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reduce, type SessionView } from '../contract/sessionView.ts'
import { factsOf, type SessionFacts } from '../contract/statistics/facts.ts'
import { openEventLog } from './eventLog.ts'
import { sessionFiles } from './files.ts'
import { folderNames } from './session.ts'

export interface KnownFacts {
  readonly facts: readonly SessionFacts[]
  /** Ids of sessions whose logs cannot be read. */
  readonly damaged: readonly string[]
}

/** Raised where the facts' form changes, or how they are counted: older files are then read from the logs again. */
const form = 6
/** Sessions looked at side by side. */
const batchSize = 128

interface Kept {
  readonly stamp: string
  readonly facts: SessionFacts
}

/** Facts of all sessions, in the order of their beginning; what did not change since they were last read is not read again. */
export async function readFacts(home: string, cacheFile: string): Promise<KnownFacts> {
  const [ids, kept] = await Promise.all([folderNames(home), readKept(cacheFile)])
  const all = new Map<string, Kept>()
  const damaged: string[] = []
  let changed = false
  for (let at = 0; at < ids.length; at += batchSize) {
    const batch = ids.slice(at, at + batchSize)
    const found = await Promise.all(batch.map((id) => look(join(home, id), kept.get(id))))
    for (const [index, one] of found.entries()) {
      const id = batch[index] ?? ''
      if (one === 'damaged') damaged.push(id)
      else if (one !== undefined) all.set(id, one)
      if (one !== undefined && one !== kept.get(id)) changed = true
    }
  }
  if (changed || all.size !== kept.size) await keep(cacheFile, [...all.values()])
  return { facts: [...all.values()].map(({ facts }) => facts), damaged }
}

/** `before` itself where the log did not change; undefined where no session is there yet. */
async function look(folder: string, before: Kept | undefined): Promise<Kept | 'damaged' | undefined> {
  const found = await stat(sessionFiles.events(folder)).catch(() => undefined)
  if (found === undefined) return (await isTask(folder)) ? 'damaged' : undefined
  const stamp = `${found.size}:${found.mtimeMs}`
  if (before?.stamp === stamp) return before
  try {
    let view: SessionView | undefined
    await openEventLog(folder).read((events, fromStart) => {
      if (fromStart) view = undefined
      for (const event of events) view = reduce(view, event)
    })
    return view === undefined ? undefined : { stamp, facts: factsOf(view) }
  } catch {
    return 'damaged' // `drydock sessions` says why
  }
}

function isTask(folder: string): Promise<boolean> {
  return stat(sessionFiles.task(folder)).then(
    () => true,
    () => false,
  )
}

async function readKept(file: string): Promise<ReadonlyMap<string, Kept>> {
  try {
    const read = JSON.parse(await readFile(file, 'utf8')) as {
      readonly form: number
      readonly kept: readonly Kept[]
    }
    return read.form === form ? new Map(read.kept.map((one) => [one.facts.id, one])) : new Map()
  } catch {
    return new Map() // it is a cache: the logs say the same
  }
}

/** Several may write, and each one's file is true; where none can be written, the logs are read the next time. */
async function keep(file: string, kept: readonly Kept[]): Promise<void> {
  const partial = `${file}.${process.pid}`
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(partial, JSON.stringify({ form, kept }), { mode: 0o600 })
    await rename(partial, file)
  } catch {
    await rm(partial, { force: true }).catch(() => undefined)
  }
}
