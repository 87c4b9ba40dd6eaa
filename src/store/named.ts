import { failures } from '../contract/failures.ts'
import { SessionId } from '../contract/task.ts'
import { listSessions } from './session.ts'

/**
 * The session that a person means: by its whole id, or by a beginning of that or of its last part which no other session
 * has. Throws `no-such-session`, and `bad-usage` where several have it.
 */
export async function sessionNamed(home: string, text: string): Promise<SessionId> {
  const whole = SessionId.safeParse(text)
  if (whole.success) return whole.data
  const begins = (id: string): boolean =>
    id.startsWith(text) || id.slice(id.lastIndexOf('-') + 1).startsWith(text)
  const [found, ...others] = text === '' ? [] : (await listSessions(home)).filter(begins)
  if (found === undefined) throw failures.noSuchSession(text)
  if (others.length > 0) throw failures.severalSessions(text, [found, ...others])
  return found
}
