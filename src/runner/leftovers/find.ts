import { lstat, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SessionId } from '../../contract/task.ts'
import { hasCode, sessionFiles } from '../../store/files.ts'
import { isAlive } from '../../store/lock.ts'
import { scratchKinds } from '../scratch.ts'

/** Something on this machine's disk that nobody will use again. */
export interface Leftover {
  readonly path: string
  readonly why: string
}

const minuteMs = 60_000
const dayMs = 86_400_000

const ours = new RegExp(`^drydock-(?:${scratchKinds.join('|')})-(?:(\\d+)-)?[A-Za-z0-9]{6}$`)
const link = /^dd-[A-Za-z0-9]{6}$/

/** Temporary folders of dead processes, work folders and beginnings of sessions that nobody holds. Removes nothing. */
export async function findLeftovers(
  sessions: string,
  temporary: string,
  now: number,
): Promise<readonly Leftover[]> {
  const [inTemporary, inSessions] = await Promise.all([
    temporaryFolders(temporary, now),
    sessionLeftovers(sessions, now),
  ])
  return [...inTemporary, ...inSessions]
}

async function temporaryFolders(temporary: string, now: number): Promise<readonly Leftover[]> {
  const found: Leftover[] = []
  for (const name of await readdir(temporary).catch(() => [])) {
    const owner = ours.exec(name)
    if (owner === null && !link.test(name)) continue
    const path = join(temporary, name)
    const age = await ageOfOwn(path, now)
    if (age === undefined) continue
    const pid = owner?.[1]
    // A link lives for milliseconds. Without a process id there is only age to go by.
    const dead = pid === undefined ? age > (owner === null ? 10 * minuteMs : dayMs) : !runs(Number(pid))
    if (dead && age > minuteMs) found.push({ path, why: 'its process is gone' })
  }
  return found
}

/** Undefined where it is somebody else's, or no folder. */
async function ageOfOwn(path: string, now: number): Promise<number | undefined> {
  const found = await lstat(path).catch(() => undefined)
  if (found?.isDirectory() !== true) return undefined
  if (process.getuid !== undefined && found.uid !== process.getuid()) return undefined
  return now - found.mtimeMs
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH')
  }
}

async function sessionLeftovers(sessions: string, now: number): Promise<readonly Leftover[]> {
  const found: Leftover[] = []
  for (const id of await readdir(sessions).catch(() => [])) {
    const folder = join(sessions, id)
    if (/^import-[A-Za-z0-9]{6}$/.test(id) && ((await ageOfOwn(folder, now)) ?? 0) > 10 * minuteMs)
      found.push({ path: folder, why: 'its import never ended' })
    if (!SessionId.safeParse(id).success) continue
    if (await isAlive(folder).catch(() => true)) continue
    const begun = await stat(sessionFiles.task(folder)).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
    )
    const age = await ageOfOwn(folder, now)
    if (!begun && age !== undefined && age > 10 * minuteMs)
      found.push({ path: folder, why: 'the session never began' })
    if (begun) found.push(...(await scratchOf(folder)))
  }
  return found
}

async function scratchOf(folder: string): Promise<readonly Leftover[]> {
  const repository = sessionFiles.repository(folder)
  const names = await readdir(repository).catch(() => [])
  return names
    .filter((name) => name.startsWith('scratch-'))
    .map((name) => ({ path: join(repository, name), why: 'its session is at rest' }))
}

/** Bytes of a file or folder; what cannot be read counts nothing. */
export async function sizeOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return 0
  if (!found.isDirectory()) return found.size
  let bytes = 0
  for (const name of await readdir(path).catch(() => [])) bytes += await sizeOf(join(path, name))
  return bytes
}
