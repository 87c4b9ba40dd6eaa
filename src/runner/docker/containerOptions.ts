import type Docker from 'dockerode'
import type { Settings } from '../../contract/settings.ts'
import { SESSION_LABEL } from './labels.ts'
import { seccompProfile } from './seccomp.ts'

/** The settings that bound a container. */
export type SandboxLimits = Pick<
  Settings,
  'memoryMb' | 'cpus' | 'pids' | 'workspaceMb' | 'workspaceInodes' | 'runtime'
>

export interface VolumeMount {
  readonly volume: string
  readonly target: string
  readonly readOnly: boolean
  /** An empty volume takes over the owner of the image's folder. */
  readonly adopt?: boolean
}

/** A container as Drydock makes them; everything that protects is not up to the caller. */
export interface ContainerRequest {
  readonly name: string
  readonly sessionId: string
  readonly image: string
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly mounts: readonly VolumeMount[]
  /** PID 1 reads frames from its stdin. */
  readonly stdin: boolean
}

const MEGABYTE = 1024 * 1024
const HOSTNAME = 'drydock'
export const CONTAINER_UID = 1000
export const CONTAINER_USER = `${CONTAINER_UID}:${CONTAINER_UID}`

/** Fixed environment; the caller's comes after it. */
const BASE_ENV = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  HOME: '/tmp',
  LANG: 'C.UTF-8',
  TMPDIR: '/tmp',
}

function tmpMount(memory: number): string {
  const size = Math.min(1024 * MEGABYTE, Math.floor(memory / 4))
  return `rw,nosuid,nodev,exec,size=${size},nr_inodes=100000,mode=1777`
}

export interface EngineAbilities {
  /** False where the kernel cannot limit swap: the preflight says so and the run goes on. */
  readonly swapLimit: boolean
  /** False for Podman, which reads a profile from a path on its own machine: there its default holds. */
  readonly inlineSeccomp: boolean
}

const ownFilter = `seccomp=${seccompProfile}`

// The type definitions leave this one out.
interface HostConfig extends Docker.HostConfig {
  readonly CgroupnsMode: 'private'
}

function hostConfig(
  request: ContainerRequest,
  limits: SandboxLimits,
  abilities: EngineAbilities,
): HostConfig {
  const memory = limits.memoryMb * MEGABYTE
  // The engine makes a volume that is not there: then it is the session's to sweep.
  const labels = { [SESSION_LABEL]: request.sessionId }
  return {
    ReadonlyRootfs: true,
    NetworkMode: 'none',
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges:true', ...(abilities.inlineSeccomp ? [ownFilter] : [])],
    Privileged: false,
    IpcMode: 'none',
    CgroupnsMode: 'private',
    PidsLimit: limits.pids,
    Memory: memory,
    MemorySwap: memory,
    NanoCpus: Math.round(limits.cpus * 1e9),
    Ulimits: [
      { Name: 'core', Soft: 0, Hard: 0 },
      { Name: 'nofile', Soft: 16_384, Hard: 16_384 },
    ],
    LogConfig: { Type: 'none', Config: {} },
    // The runtime mounts a world-writable message queue: covered, for nothing outside is writable.
    Tmpfs: { '/tmp': tmpMount(memory), '/dev/mqueue': 'ro,nosuid,nodev,noexec,size=4k,mode=0555' },
    Init: true,
    // Without a network the container's own name and ::1 are missing; both are expected by programs.
    ExtraHosts: [`${HOSTNAME}:127.0.0.1`],
    Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0', 'net.ipv6.conf.lo.disable_ipv6': '0' },
    ...(limits.runtime ? { Runtime: limits.runtime } : {}),
    Mounts: request.mounts.map(({ volume, target, readOnly, adopt }) => ({
      Type: 'volume',
      Source: volume,
      Target: target,
      ReadOnly: readOnly,
      VolumeOptions: { NoCopy: adopt !== true, Labels: labels, DriverConfig: { Name: 'local', Options: {} } },
    })),
  }
}

/** The create call's body for a request (SECURITY.md, "Containers" 1). */
export function containerOptions(
  request: ContainerRequest,
  limits: SandboxLimits,
  abilities: EngineAbilities,
): Docker.ContainerCreateOptions {
  return {
    name: request.name,
    Image: request.image,
    Cmd: [...request.command],
    // The image's own entry point must not come before the command.
    Entrypoint: [],
    Hostname: HOSTNAME,
    User: CONTAINER_USER,
    WorkingDir: request.cwd,
    Env: Object.entries({ ...BASE_ENV, ...request.env }).map(([name, value]) => `${name}=${value}`),
    Labels: { [SESSION_LABEL]: request.sessionId },
    Tty: false,
    OpenStdin: request.stdin,
    StdinOnce: request.stdin,
    AttachStdin: request.stdin,
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: hostConfig(request, limits, abilities),
  }
}

interface Inspected {
  readonly host: Docker.HostConfig
  readonly config: Docker.ContainerInspectInfo['Config']
  readonly mounts: Docker.ContainerInspectInfo['Mounts']
  readonly limits: SandboxLimits
  readonly abilities: EngineAbilities
}

const none = (list: readonly unknown[] | null | undefined) => !list || list.length === 0
const namespaces = ['PidMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode']

/** Each protection by its name, and whether what the engine made has it. */
const checks: Readonly<Record<string, (made: Inspected) => boolean>> = {
  'read-only root': ({ host }) => host.ReadonlyRootfs === true,
  'no network': ({ host }) => host.NetworkMode === 'none',
  'no capabilities': ({ host }) =>
    none(host.CapAdd) && (host.CapDrop ?? []).some((cap: string) => /^(CAP_)?ALL$/i.test(cap)),
  'no new privileges': ({ host }) =>
    (host.SecurityOpt ?? []).some((option: string) => /^no-new-privileges(:true)?$/.test(option)),
  'seccomp filter': ({ host, abilities }) =>
    (!abilities.inlineSeccomp || (host.SecurityOpt ?? []).includes(ownFilter)) &&
    !(host.SecurityOpt ?? []).some((option: string) => /(seccomp|apparmor)[=:]unconfined/.test(option)),
  'not privileged': ({ host }) => host.Privileged === false,
  'unprivileged user': ({ config }) => config.User === CONTAINER_USER,
  'process limit': ({ host, limits }) => (host.PidsLimit ?? 0) > 0 && (host.PidsLimit ?? 0) <= limits.pids,
  'memory limit': ({ host, limits }) =>
    (host.Memory ?? 0) > 0 && (host.Memory ?? 0) <= limits.memoryMb * MEGABYTE,
  'swap limit': ({ host, abilities }) => host.MemorySwap === host.Memory || !abilities.swapLimit,
  'CPU limit': ({ host }) => (host.NanoCpus ?? 0) > 0,
  'no host log': ({ host }) => host.LogConfig?.Type === 'none',
  'no host namespaces': ({ host }) =>
    namespaces.every(
      (mode) => !['host', 'shareable'].includes(String((host as Record<string, unknown>)[mode] ?? '')),
    ),
  'no devices': ({ host }) => none(host.Devices) && none(host.DeviceRequests),
  'no host paths': ({ host, mounts }) =>
    none(host.Binds) && mounts.every((mount) => mount.Type === 'volume' || mount.Type === 'tmpfs'),
  'no published ports': ({ host }) =>
    !host.PublishAllPorts && Object.keys(host.PortBindings ?? {}).length === 0,
  'chosen runtime': ({ host, limits }) => limits.runtime === undefined || host.Runtime === limits.runtime,
  'session label': ({ config }) => SESSION_LABEL in (config.Labels ?? {}),
}

/** What is asserted on each container before it starts. */
export const assertedProtections: readonly string[] = Object.keys(checks)

/** Names of the protections that the created container does not have. */
export function missingProtections(
  { HostConfig: host, Config: config, Mounts: mounts }: Docker.ContainerInspectInfo,
  limits: SandboxLimits,
  abilities: EngineAbilities,
): readonly string[] {
  const made = { host, config, mounts, limits, abilities }
  return assertedProtections.filter((name) => checks[name]?.(made) !== true)
}
