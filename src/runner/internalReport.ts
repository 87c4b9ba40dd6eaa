import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Failure } from '../contract/failure.ts'
import type { HeldSession } from '../store/session.ts'

/**
 * A file that a person can attach to a report of a fault of ours: what failed and where, without content of the
 * repository, a model or a tool, and without any secret that this process knows. The failure, with its name in it.
 */
export async function withReport(held: HeldSession, version: string, failure: Failure): Promise<Failure> {
  if (failure.code !== 'internal') return failure
  const { log, folder, task } = held
  const steps = log.events.map(({ seq, time, type, ...rest }) => {
    const { stage, role, status } = rest as { stage?: string; role?: string; status?: string }
    return [seq, time, type, stage, role, status].filter((word) => word !== undefined).join(' ')
  })
  const about = `drydock ${version}, Node ${process.version}, ${process.platform} ${process.arch}, session ${task.id}`
  const lines = [about, `${failure.message}`, failure.detail ?? '', '', ...steps.slice(-200)]
  const file = join(folder, 'report.txt')
  try {
    await writeFile(file, log.redact(`${lines.join('\n')}\n`), { mode: 0o600 })
  } catch {
    return failure
  }
  return { ...failure, next: `Report this and attach ${file}: no secret that Drydock was given is in it.` }
}
