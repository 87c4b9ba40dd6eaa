import type Docker from 'dockerode'
import type { Settings } from '../../contract/settings.ts'
import type { EngineAbilities } from './abilities.ts'
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

export const MEGABYTE = 1024 * 1024
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

/**
 * Memory mounts besides the workspace's. The runtime mounts a world-writable message queue, and Podman a /run and a
 * /var/tmp without a size: covered, for nothing outside is writable. Podman's own init lies in /run.
 */
function memoryMounts(memory: number, { dialect }: EngineAbilities): Record<string, string> {
  const size = Math.min(1024 * MEGABYTE, Math.floor(memory / 4))
  const closed = 'nosuid,nodev,noexec,size=4k,mode=0555'
  if (dialect === 'docker')
    return {
      '/tmp': `rw,nosuid,nodev,exec,size=${size},nr_inodes=100000,mode=1777`,
      '/dev/mqueue': `ro,${closed}`,
    }
  // Podman fills a memory mount with what the image has there, such as a /run/lock that anybody may write in.
  const empty = 'notmpcopyup'
  return {
    '/tmp': `rw,nosuid,nodev,exec,size=${size},mode=1777,${empty}`,
    '/run': `rw,nosuid,nodev,noexec,size=64k,mode=0555,${empty}`,
    '/var/tmp': `ro,${closed},${empty}`,
    '/dev/mqueue': `ro,${closed},${empty}`,
  }
}

export const ownFilter = `seccomp=${seccompProfile}`

/** Empty where the engine's own default holds. */
export function seccompOption({ dialect, seccompFile }: EngineAbilities): readonly string[] {
  if (dialect === 'docker') return [ownFilter]
  return seccompFile === undefined ? [] : [`seccomp=${seccompFile}`]
}

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
    SecurityOpt: ['no-new-privileges:true', ...seccompOption(abilities)],
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
    Tmpfs: memoryMounts(memory, abilities),
    Init: true,
    // Without a network the container's own name and ::1 are missing; both are expected by programs.
    ExtraHosts: [`${HOSTNAME}:127.0.0.1`],
    Sysctls: { 'net.ipv6.conf.all.disable_ipv6': '0', 'net.ipv6.conf.lo.disable_ipv6': '0' },
    ...(limits.runtime && abilities.dialect === 'docker' ? { Runtime: limits.runtime } : {}),
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
