import { failures } from '../../contract/failures.ts'
import type { Cage } from './cage.ts'
import { assertedProtections, type SandboxLimits } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import type { InsideView } from './probe.ts'
import { isPodman, type Version } from './version.ts'

/** One protection, and whether this engine gives it. */
export interface Protection {
  readonly name: string
  readonly state: 'on' | 'weaker' | 'off'
  /** Present where it is not `on`. */
  readonly why?: string
  /** Without it no container is started. */
  readonly essential: boolean
}

interface EngineInfo {
  readonly OSType?: string
  readonly SecurityOptions?: readonly string[] | null
  readonly MemoryLimit?: boolean
  readonly SwapLimit?: boolean
  readonly PidsLimit?: boolean
  readonly CpuCfsQuota?: boolean
  readonly CgroupVersion?: string
  readonly Runtimes?: Readonly<Record<string, unknown>>
}

/** Engines before this one are kept alive by distributions alone. */
const SUPPORTED_MAJOR = 24

/** What the engine says of itself; `cage` adds what a container shows, each protection once and at its worst. */
export async function preflight(
  engine: Engine,
  limits: SandboxLimits,
  cage?: Cage,
): Promise<readonly Protection[]> {
  const [info, version]: [EngineInfo, Version] = await Promise.all([
    engine.docker.info(),
    engine.docker.version(),
  ])
  return worst([
    ...isolation(info, limits),
    ...bounds(info),
    ...surroundings(info, version),
    ...(cage ? caged(cage, limits) : []),
  ])
}

const badness = { on: 0, weaker: 1, off: 2 } as const

function worst(protections: readonly Protection[]): readonly Protection[] {
  const byName = new Map<string, Protection>()
  for (const one of protections) {
    const other = byName.get(one.name)
    if (other === undefined || badness[one.state] > badness[other.state]) byName.set(one.name, one)
  }
  return [...byName.values()]
}

/** The protections that are not wholly there, in one line; undefined where all are. */
export function shortfall(protections: readonly Protection[]): string | undefined {
  const named = (state: Protection['state']) =>
    protections.filter((one) => one.state === state).map(({ name }) => name)
  const parts = (['weaker', 'off'] as const).flatMap((state) =>
    named(state).length === 0 ? [] : [`${state}: ${named(state).join(', ')}`],
  )
  return parts.length === 0 ? undefined : parts.join('; ')
}

/** Throws `protection-missing` where an essential one is off. */
export function requireProtections(protections: readonly Protection[]): void {
  const missing = protections.filter(({ essential, state }) => essential && state === 'off')
  if (missing.length > 0) throw failures.protectionMissing(missing.map(({ name }) => name))
}

function essential(name: string, given: boolean | undefined, why: string): Protection {
  // What an engine does not say is asserted on each container all the same.
  if (given !== false) return { name, state: 'on', essential: true }
  return { name, state: 'off', why, essential: true }
}

function desirable(
  name: string,
  given: boolean | undefined,
  state: 'weaker' | 'off',
  why: string,
): Protection {
  return given === false ? { name, state, why, essential: false } : { name, state: 'on', essential: false }
}

function isolation(info: EngineInfo, limits: SandboxLimits): readonly Protection[] {
  const options = info.SecurityOptions ?? []
  const has = (name: string) => options.some((option) => option.split(',').includes(`name=${name}`))
  const seccomp = options.find((option) => option.startsWith('name=seccomp'))
  const runtime = limits.runtime
  return [
    essential('Linux containers', info.OSType === 'linux', `the engine runs ${info.OSType} containers`),
    essential(
      'seccomp filter',
      seccomp !== undefined && !seccomp.includes('unconfined'),
      seccomp ? 'the engine’s default profile is unconfined' : 'the engine was built without seccomp',
    ),
    desirable(
      'user namespace',
      has('userns') || has('rootless'),
      'off',
      'users of containers are the machine’s own; a rootless engine or userns-remap parts them',
    ),
    desirable(
      'mandatory access control',
      has('apparmor') || has('selinux'),
      'off',
      'neither AppArmor nor SELinux is active in the engine',
    ),
    ...(runtime
      ? [essential(`runtime ${runtime}`, runtime in (info.Runtimes ?? {}), 'the engine does not know it')]
      : []),
  ]
}

function bounds(info: EngineInfo): readonly Protection[] {
  return [
    essential('memory limit', info.MemoryLimit, 'the kernel’s memory control group is off'),
    essential('process limit', info.PidsLimit, 'the kernel’s pids control group is off'),
    desirable('CPU limit', info.CpuCfsQuota, 'off', 'the kernel’s CPU quota is off'),
    desirable('swap limit', info.SwapLimit, 'weaker', 'a container may use swap beyond its memory limit'),
  ]
}

function surroundings(info: EngineInfo, version: Version): readonly Protection[] {
  const major = Number.parseInt(version.Version, 10)
  const name = version.Components?.[0]?.Name ?? 'Engine'
  const podman = isPodman(version)
  return [
    desirable(
      'engine in support',
      podman || Number.isNaN(major) || major >= SUPPORTED_MAJOR,
      'weaker',
      `${name} ${version.Version} gets fixes from the distribution only`,
    ),
    desirable(
      'control groups v2',
      info.CgroupVersion === undefined ? undefined : info.CgroupVersion === '2',
      'weaker',
      'version 1 accounts for memory less exactly',
    ),
    desirable('own seccomp profile', !podman, 'weaker', 'Podman takes none inline: its own default holds'),
    ...(podman ? [desirable('tried engine', false, 'weaker', 'Podman is less tried than Docker')] : []),
  ]
}

function caged(cage: Cage, limits: SandboxLimits): readonly Protection[] {
  if (cage.state === 'not-built')
    return [desirable('tried container', false, 'weaker', 'no image is built yet: the first run does it')]
  if (cage.state === 'refused') return [essential('tried container', false, cage.why)]
  const asserted = assertedProtections.filter((name) => name !== 'chosen runtime' || limits.runtime)
  return [
    ...asserted.map((name) => essential(name, true, '')),
    ...seen(cage.inside),
    ...room(cage.inside, limits),
  ]
}

/** Of what a build may write; docs/decisions/0003. */
function room(inside: InsideView, limits: SandboxLimits): readonly Protection[] {
  const bytes = inside.workspaceBytes <= limits.workspaceMb * 1024 * 1024
  const inodes = inside.workspaceInodes > 0 && inside.workspaceInodes <= limits.workspaceInodes
  return [
    essential('workspace byte limit', bytes, `a workspace has ${inside.workspaceBytes} bytes`),
    essential('workspace inode limit', inodes, `a workspace has ${inside.workspaceInodes} inodes`),
    desirable(
      'byte limit while packages are installed',
      false,
      'weaker',
      'the engine’s own volume is measured at intervals, and its container ended',
    ),
  ]
}

function seen(inside: InsideView): readonly Protection[] {
  const interfaces = inside.interfaces.filter((name) => name !== 'lo')
  const writable = inside.writable.filter((folder) => !/^\/(tmp|workspace)(\/|$)/.test(folder))
  return [
    essential('no new privileges', inside.noNewPrivileges, 'a container may gain privileges'),
    essential('no capabilities', inside.noCapabilities, 'a container has capabilities'),
    essential('seccomp filter', inside.seccomp, 'a container runs without a filter'),
    essential('unprivileged user', inside.unprivilegedUser, 'a container runs as root'),
    essential('no network', interfaces.length === 0, `a container has ${interfaces.join(', ')}`),
    essential('read-only root', writable.length === 0, `a container can write in ${writable.join(', ')}`),
  ]
}
