import { createHash } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DrydockError } from '../../contract/failure.ts'
import type { EngineAbilities } from './abilities.ts'
import { createContainer, type StartContext } from './container.ts'
import { seccompProfile } from './seccomp.ts'
import { newName } from './volumes.ts'

/** Where the profile may be written, and what to try it with. */
export interface FilterTrial {
  readonly folder: string
  readonly sessionId: string
  readonly image: string
}

/**
 * Podman reads a seccomp profile from a file on its own machine. Where that is this one it gets ours; where it is
 * another, or does not see the file, its own default holds, which is wider.
 */
export async function withOwnFilter(context: StartContext, trial: FilterTrial): Promise<EngineAbilities> {
  const abilities = { ...context.abilities, seccompFile: await writeProfile(trial.folder) }
  try {
    const made = await createContainer(
      { ...context, abilities },
      {
        name: newName(trial.sessionId, 'filter'),
        sessionId: trial.sessionId,
        image: trial.image,
        command: ['/bin/true'],
        env: {},
        cwd: '/',
        mounts: [],
        stdin: false,
      },
    )
    await made.end('removed')
    return abilities
  } catch (error) {
    if (error instanceof DrydockError && /seccomp/i.test(error.failure.detail ?? '')) return context.abilities
    throw error
  }
}

async function writeProfile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const name = createHash('sha256').update(seccompProfile).digest('hex').slice(0, 16)
  const file = join(folder, `${name}.json`)
  const fresh = `${file}.${process.pid}`
  await writeFile(fresh, seccompProfile)
  await rename(fresh, file)
  return file
}
