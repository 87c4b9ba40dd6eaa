import type Docker from 'dockerode'
import type { EngineAbilities } from './abilities.ts'
import { CONTAINER_USER, MEGABYTE, type SandboxLimits, seccompOption } from './containerOptions.ts'
import { SESSION_LABEL } from './labels.ts'

interface Inspected {
  readonly host: Docker.HostConfig
  readonly config: Docker.ContainerInspectInfo['Config']
  readonly mounts: Docker.ContainerInspectInfo['Mounts']
  readonly limits: SandboxLimits
  readonly abilities: EngineAbilities
}

const none = (list: readonly unknown[] | null | undefined) => !list || list.length === 0

/** Podman lists its defaults, each by its name; that nothing else is left is seen from inside. */
function dropsAll(dropped: readonly string[], { dialect }: EngineAbilities): boolean {
  return dropped.some((cap) => dialect === 'podman' || /^(CAP_)?ALL$/i.test(cap))
}

/** Podman lists a named volume among the binds as well. */
function isVolume(bind: string, mounts: Inspected['mounts']): boolean {
  const source = bind.split(':', 1)[0] ?? ''
  return /^\w[\w.-]*$/.test(source) && mounts.some(({ Type, Name }) => Type === 'volume' && Name === source)
}

/** Podman calls a namespace shareable that others could join, were there any; whose it is is seen from inside. */
const shared = { docker: /^(host|shareable|container:.*)$/, podman: /^(host|container:.*|ns:.*)$/ } as const

const namespaces = ['PidMode', 'IpcMode', 'UTSMode', 'UsernsMode', 'CgroupnsMode']

/** Each protection by its name, and whether what the engine made has it. */
const checks: Readonly<Record<string, (made: Inspected) => boolean>> = {
  'read-only root': ({ host }) => host.ReadonlyRootfs === true,
  'no network': ({ host }) => host.NetworkMode === 'none',
  'no capabilities': ({ host, abilities }) => none(host.CapAdd) && dropsAll(host.CapDrop ?? [], abilities),
  'no new privileges': ({ host }) =>
    (host.SecurityOpt ?? []).some((option: string) => /^no-new-privileges(:true)?$/.test(option)),
  'seccomp filter': ({ host, abilities }) =>
    seccompOption(abilities).every((option) => (host.SecurityOpt ?? []).includes(option)) &&
    !(host.SecurityOpt ?? []).some((option: string) => /(seccomp|apparmor)[=:]unconfined/.test(option)),
  'not privileged': ({ host }) => host.Privileged === false,
  'unprivileged user': ({ config }) => config.User === CONTAINER_USER,
  'process limit': ({ host, limits }) => (host.PidsLimit ?? 0) > 0 && (host.PidsLimit ?? 0) <= limits.pids,
  'memory limit': ({ host, limits }) =>
    (host.Memory ?? 0) > 0 && (host.Memory ?? 0) <= limits.memoryMb * MEGABYTE,
  'swap limit': ({ host, abilities }) => host.MemorySwap === host.Memory || !abilities.swapLimit,
  'CPU limit': ({ host }) => (host.NanoCpus ?? 0) > 0,
  'no host log': ({ host }) => host.LogConfig?.Type === 'none',
  'no host namespaces': ({ host, abilities }) =>
    namespaces.every(
      (mode) => !shared[abilities.dialect].test(String((host as Record<string, unknown>)[mode] ?? '')),
    ),
  'no devices': ({ host }) => none(host.Devices) && none(host.DeviceRequests),
  'no host paths': ({ host, mounts }) =>
    (host.Binds ?? []).every((bind: string) => isVolume(bind, mounts)) &&
    mounts.every((mount) => mount.Type === 'volume' || mount.Type === 'tmpfs'),
  'no published ports': ({ host }) =>
    !host.PublishAllPorts && Object.keys(host.PortBindings ?? {}).length === 0,
  'chosen runtime': ({ host, limits, abilities }) =>
    limits.runtime === undefined ||
    (abilities.dialect === 'podman' ? abilities.runtime : host.Runtime) === limits.runtime,
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
