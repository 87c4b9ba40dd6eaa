import { readdir, readFile } from 'node:fs/promises'
import type Docker from 'dockerode'

export interface Watched {
  /** Inspect of every container and volume of Drydock's that was seen, and command line and environment of every child. */
  readonly seen: ReadonlyMap<string, string>
  stop(): Promise<void>
}

/** Looks again and again, while a run is going on, at what others on the machine could see of it. */
export function watch(docker: Docker, runner: number): Watched {
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
    for (const [pid, text] of await childrenOf(runner)) seen.set(`process ${pid}`, text)
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

async function childrenOf(runner: number): Promise<ReadonlyMap<number, string>> {
  const parents = new Map<number, number>()
  for (const name of (await readdir('/proc')).filter((each) => /^\d+$/.test(each))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    parents.set(Number(name), Number(/\) \S (\d+)/.exec(stat)?.[1] ?? 0))
  }
  const isChild = (pid: number): boolean => {
    const parent = parents.get(pid)
    return parent !== undefined && parent > 1 && (parent === runner || isChild(parent))
  }
  const children = [...parents.keys()].filter(isChild)
  const texts = await Promise.all(
    children.map(async (pid) => {
      const parts = ['cmdline', 'environ'].map((part) =>
        readFile(`/proc/${pid}/${part}`, 'latin1').catch(() => ''),
      )
      return [pid, (await Promise.all(parts)).join('\n')] as const
    }),
  )
  return new Map(texts)
}
