import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** What short-lived folders in the machine's temporary folder are for; the owner's process id is part of their name. */
export const scratchKinds = ['status', 'npm', 'debian', 'pack', 'ssh', 'again'] as const

/** A folder that its maker removes; one of a process that was killed is swept by a later start. */
export function scratchFolder(kind: (typeof scratchKinds)[number]): Promise<string> {
  return mkdtemp(join(tmpdir(), `drydock-${kind}-${process.pid}-`))
}
