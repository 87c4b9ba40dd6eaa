import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Docker from 'dockerode'

export interface Watched {
  /** Inspect of every container and volume of Drydock's that was there. */
  readonly seen: ReadonlyMap<string, string>
  stop(): Promise<void>
}

/** Looks again and again, while a run is going on, at what others on the machine could see of it. */
export function watch(docker: Docker): Watched {
  const seen = new Map<string, string>()
  const state = { stopped: false }
  const look = async (): Promise<void> => {
    const filters = JSON.stringify({ label: ['drydock.session'] })
    for (const { Id } of await docker.listContainers({ all: true, filters }))
      await docker
        .getContainer(Id)
        .inspect()
        .then(
          (found) => seen.set(`container ${Id}`, JSON.stringify(found)),
          () => undefined,
        )
    for (const volume of (await docker.listVolumes({ filters })).Volumes)
      seen.set(`volume ${volume.Name}`, JSON.stringify(volume))
  }
  const loop = (async () => {
    while (!state.stopped) {
      await look()
      await new Promise((resolve) => setTimeout(resolve, 250))
    }
  })()
  return {
    seen,
    async stop() {
      state.stopped = true
      await loop
    },
  }
}

/**
 * A folder for the front of PATH whose programs write down their arguments and environment, then do what they are
 * asked: children that live for milliseconds are seen as well.
 */
export async function tellTales(
  folder: string,
  programs: readonly string[],
): Promise<{ readonly path: string; readonly log: string }> {
  const path = join(folder, 'bin')
  const log = join(folder, 'children.log')
  await mkdir(path)
  for (const program of programs) {
    const real = execFileSync('/bin/sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).trim()
    const script = `#!/bin/sh\n{ echo "${program} $*"; env; } >> '${log}'\nexec '${real}' "$@"\n`
    await writeFile(join(path, program), script, { mode: 0o755 })
  }
  return { path, log }
}
