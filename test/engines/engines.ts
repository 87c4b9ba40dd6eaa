import { spawn } from 'node:child_process'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** An engine that the script may run everything on, and what it is to find there. */
export interface Tried {
  readonly name: string
  readonly what: string
  /** Debian release and program of an engine of its own; without it the one that `DOCKER_HOST` or the machine names. */
  readonly own?: {
    readonly suite: 'bookworm' | 'trixie'
    readonly program: 'dockerd' | 'podman' | 'podman-rootless'
  }
  readonly runtime?: string
  /** The engine whose images it finds, where it is not its own: both never run at once. */
  readonly stateOf?: string
  /** Why no run may start there; undefined where all must be green. */
  readonly refused?: (here: Machine) => RegExp | undefined
}

/** What decides which engines can be set up here, and what they can give. */
export interface Machine {
  readonly root: boolean
  readonly debootstrap: boolean
  readonly cgroups: 1 | 2
  readonly selinux: boolean
}

const rootlessNeedsV2 = ({ cgroups }: Machine) => (cgroups === 1 ? /rootless needs cgroup v2/ : undefined)

export const engines: readonly Tried[] = [
  { name: 'here', what: 'the engine that DOCKER_HOST or this machine names' },
  { name: 'docker-26', what: 'Docker of Debian trixie', own: { suite: 'trixie', program: 'dockerd' } },
  {
    name: 'podman-4',
    what: 'Podman of Debian bookworm, runc',
    own: { suite: 'bookworm', program: 'podman' },
  },
  { name: 'podman-5', what: 'Podman of Debian trixie, runc', own: { suite: 'trixie', program: 'podman' } },
  {
    name: 'podman-5-crun',
    what: 'the same with crun',
    own: { suite: 'trixie', program: 'podman' },
    stateOf: 'podman-5',
    runtime: 'crun',
    refused: ({ cgroups }) => (cgroups === 1 ? /\/sys\/fs\/cgroup writable/ : undefined),
  },
  {
    name: 'podman-4-rootless',
    what: 'Podman of Debian bookworm as a user',
    own: { suite: 'bookworm', program: 'podman-rootless' },
    runtime: 'crun',
    refused: rootlessNeedsV2,
  },
  {
    name: 'podman-5-rootless',
    what: 'Podman of Debian trixie as a user',
    own: { suite: 'trixie', program: 'podman-rootless' },
    runtime: 'crun',
    refused: rootlessNeedsV2,
  },
]

/** What no engine shows on this machine, and the command for one that can. */
export function notHere({ cgroups, selinux }: Machine): readonly string[] {
  const script = 'npm run test:engines --'
  return [
    ...(cgroups === 2
      ? []
      : [
          'rootless engines that limit, and crun that mounts control groups read-only: need cgroup v2. ' +
            `On Debian 12, Ubuntu 22.04 or Fedora, as root: ${script} podman-5-rootless podman-5-crun`,
        ]),
    ...(selinux
      ? []
      : [
          'labels of SELinux: need a kernel that enforces them. On Fedora or RHEL: systemctl start podman.socket && ' +
            `DOCKER_HOST=unix:///run/podman/podman.sock ${script} here`,
        ]),
    'virtual machines of Docker Desktop, Colima, OrbStack, Rancher Desktop, Lima and podman machine: need macOS or ' +
      `Windows. There, with the engine started: ${script} here`,
  ]
}

export async function thisMachine(): Promise<Machine> {
  const has = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    )
  const programs = ['/usr/sbin/debootstrap', '/usr/bin/debootstrap', '/sbin/debootstrap']
  return {
    root: process.getuid?.() === 0,
    debootstrap: (await Promise.all(programs.map(has))).includes(true),
    cgroups: (await has('/sys/fs/cgroup/cgroup.controllers')) ? 2 : 1,
    selinux: await has('/sys/fs/selinux/enforce'),
  }
}

export interface Started extends AsyncDisposable {
  /** For DOCKER_HOST; undefined for the machine's own. */
  readonly address: string | undefined
}

const script = join(import.meta.dirname, 'engine')

/** Starts it, in namespaces of its own; it ends with the object. */
export async function startEngine({ name, own, runtime, stateOf }: Tried): Promise<Started> {
  if (own === undefined) return { address: process.env.DOCKER_HOST, [Symbol.asyncDispose]: async () => {} }
  const child = spawn('bash', [script, 'run', own.suite, own.program, name], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DRYDOCK_STATE: stateOf ?? name,
      ...(runtime === undefined ? {} : { DRYDOCK_RUNTIME: runtime }),
    },
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^ready (\S+)$/.exec(line)?.[1]
    if (address === undefined) continue
    return {
      address,
      async [Symbol.asyncDispose]() {
        child.stdin.end()
        await ended
      },
    }
  }
  throw new Error(`${name} did not start`)
}
