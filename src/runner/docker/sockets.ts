import { access, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Endpoint, EngineSearch } from './context.ts'

/** An engine that may be there, and how it was found. */
export interface Candidate {
  readonly source: string
  readonly endpoint: Endpoint
  /** What of the user's names this one and rules out all others, as a person would call it: a variable, a context. */
  readonly chosenBy?: string
}

/** Where engines usually listen on this machine, as far as something is there; the user's own choice comes before. */
export async function usualSockets(search: EngineSearch): Promise<readonly Candidate[]> {
  const podman = await podmanConnection(search)
  if (search.platform === 'win32') return [...podman, ...pipes]
  const named = [...unixSockets(search), ...(await limaSockets(search.home))]
  const found = await Promise.all(named.map(([, path]) => exists(path)))
  const sockets = named
    .filter((_, index) => found[index])
    .map(([source, path]) => ({ source, endpoint: { host: `unix://${path}` } }))
  return [...sockets, ...podman]
}

const pipes = [
  ['Docker', 'docker_engine'],
  ['Docker Desktop', 'dockerDesktopLinuxEngine'],
  ['Podman machine', 'podman-machine-default'],
].map(([source = '', pipe]) => ({ source, endpoint: { host: `npipe:////./pipe/${pipe}` } }))

type Named = readonly [source: string, path: string]

function unixSockets({ env, home, uid }: EngineSearch): readonly Named[] {
  const runtimeDir = env.XDG_RUNTIME_DIR || `/run/user/${uid ?? 0}`
  const config = env.XDG_CONFIG_HOME || join(home, '.config')
  const colima = env.COLIMA_HOME ? [env.COLIMA_HOME] : [join(home, '.colima'), join(config, 'colima')]
  const machine = join(home, '.local/share/containers/podman/machine')
  return [
    ['socket', '/var/run/docker.sock'],
    ['Docker Desktop', join(home, '.docker/run/docker.sock')],
    ['Docker Desktop', join(home, '.docker/desktop/docker.sock')],
    ...colima.map((folder): Named => ['Colima', join(folder, 'default/docker.sock')]),
    ['OrbStack', join(home, '.orbstack/run/docker.sock')],
    ['Rancher Desktop', join(home, '.rd/docker.sock')],
    ['rootless Docker', join(runtimeDir, 'docker.sock')],
    ['rootless Podman', join(runtimeDir, 'podman/podman.sock')],
    ['Podman machine', join(machine, 'podman.sock')],
    ['Podman machine', join(machine, 'qemu/podman.sock')],
    // What newer ones forward on macOS; the folder is the user's own there.
    ['Podman machine', join(env.TMPDIR || '/tmp', 'podman/podman-machine-default-api.sock')],
    ['Podman', '/run/podman/podman.sock'],
  ]
}

/** Lima has a folder for each of its machines. */
async function limaSockets(home: string): Promise<readonly Named[]> {
  const folder = join(home, '.lima')
  const machines = (await readdir(folder).catch(() => [])).filter((name) => !/^[._]/.test(name)).sort()
  return machines.flatMap((name): Named[] => [
    [`Lima ${name}`, join(folder, name, 'sock/docker.sock')],
    [`Lima ${name}`, join(folder, name, 'sock/podman.sock')],
  ])
}

const Connections = z.object({
  Connection: z.object({
    Default: z.string().optional(),
    Connections: z.record(z.string(), z.object({ URI: z.string(), IsMachine: z.boolean().optional() })),
  }),
})

/**
 * What `podman` itself would use. A virtual machine of its own is left out: it is reached with a key of its own, and its
 * socket is forwarded to one of the usual places.
 */
async function podmanConnection({ env, home }: EngineSearch): Promise<readonly Candidate[]> {
  const file = join(env.XDG_CONFIG_HOME || join(home, '.config'), 'containers/podman-connections.json')
  const text = await readFile(file, 'utf8').catch(() => undefined)
  const read = Connections.safeParse(parsed(text))
  if (!read.success) return []
  const { Default: name = '', Connections: all } = read.data.Connection
  const chosen = all[name]
  if (chosen === undefined || chosen.IsMachine === true || !/^(unix|tcp|ssh):\/\//.test(chosen.URI)) return []
  return [{ source: `Podman connection ${name}`, endpoint: { host: chosen.URI } }]
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}
