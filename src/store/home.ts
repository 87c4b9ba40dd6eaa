import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { failures } from '../contract/failures.ts'
import { SessionId } from '../contract/task.ts'

/** The folder of all sessions: `$DRYDOCK_HOME/sessions`, or in the user's data folder. */
export function sessionsHome(env: Readonly<Record<string, string | undefined>>): string {
  const named = env.DRYDOCK_HOME
  return join(
    named === undefined || named === '' ? envPaths('drydock', { suffix: '' }).data : resolve(named),
    'sessions',
  )
}

/** A session's folder. Throws `no-such-session` where the id is none, so that no id leaves the home. */
export function sessionFolder(home: string, id: string): string {
  if (!SessionId.safeParse(id).success) throw failures.noSuchSession(id)
  return join(home, id)
}

/** An id that sorts by time: UTC date, UTC time, six random characters. */
export function newSessionId(now: Date): SessionId {
  const [date, time] = now.toISOString().split('T')
  const digits = (text: string | undefined, length: number) =>
    (text ?? '').replace(/\D/g, '').slice(0, length)
  const random = randomBytes(6).reduce((text, byte) => text + (byte % 36).toString(36), '')
  return `${digits(date, 8)}-${digits(time, 6)}-${random}`
}
