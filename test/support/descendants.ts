import { readdir, readFile } from 'node:fs/promises'
import { platform } from 'node:os'

export interface SeenProcess {
  /** As everybody on the machine can read them. */
  readonly arguments: string
  readonly environment: string
}

export interface Watch extends AsyncDisposable {
  /** Every process below it that was ever seen, once for each of its argument lists. */
  readonly seen: ReadonlyMap<string, SeenProcess>
}

/** Looks at all processes below one, again and again until it is disposed of; undefined where a system shows none. */
export function watchBelow(pid: number): Watch | undefined {
  if (platform() !== 'linux') return undefined
  const seen = new Map<string, SeenProcess>()
  let open = true
  const looking = (async () => {
    while (open) await look(pid, seen)
  })()
  return {
    seen,
    [Symbol.asyncDispose]: async () => {
      open = false
      await looking
    },
  }
}

async function look(root: number, seen: Map<string, SeenProcess>): Promise<void> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const parents = new Map(await Promise.all(pids.map(async (pid) => [pid, await parentOf(pid)] as const)))
  const isBelow = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at))
      if (at === root) return true
    return false
  }
  await Promise.all(
    pids.filter(isBelow).map(async (pid) => {
      const said = await text(`/proc/${pid}/cmdline`)
      if (said !== '') seen.set(said, { arguments: said, environment: await text(`/proc/${pid}/environ`) })
    }),
  )
}

async function parentOf(pid: number): Promise<number | undefined> {
  const found = /\) \S (\d+)/.exec(await text(`/proc/${pid}/stat`))?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Empty where the process is gone by now. */
function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
