import type { SandboxLimits } from './containerOptions.ts'
import type { InsideView, Mount } from './probe.ts'
import { desirable, essential, type Protection } from './protection.ts'

/** Why a container's filter is not ours; Podman alone has to be told it in a file. */
export const widerFilter =
  'Podman does not see the file with Drydock’s seccomp profile, so its own default holds: it lets user namespaces, ptrace, key rings and sockets to a hypervisor through'

/** What a container saw of its own confinement, as protections. */
export function seenProtections(inside: InsideView, limits: SandboxLimits): readonly Protection[] {
  return [...walls(inside), ...surroundings(inside), ...room(inside, limits)]
}

function walls(inside: InsideView): readonly Protection[] {
  const interfaces = inside.interfaces.filter((name) => name !== 'lo')
  const writable = inside.writable.filter(
    (folder) => !/^\/(tmp|workspace|sys\/fs\/cgroup)(\/|$)/.test(folder),
  )
  return [
    essential('no new privileges', inside.noNewPrivileges, 'a container may gain privileges'),
    essential('no capabilities', inside.noCapabilities, 'a container has capabilities'),
    essential('seccomp filter', inside.seccomp, 'a container runs without a filter'),
    essential('unprivileged user', inside.unprivilegedUser, 'a container runs as root'),
    essential('no network', interfaces.length === 0, `a container has ${interfaces.join(', ')}`),
    essential('read-only root', writable.length === 0, `a container can write in ${writable.join(', ')}`),
  ]
}

/** What it shares with other containers, or with the machine. */
function surroundings(inside: InsideView): readonly Protection[] {
  const shared = inside.sharedNamespaces.filter((name) => name !== 'cgroup')
  const foreign = inside.mounts.filter(isForeign).map(({ point }) => point)
  const groups =
    inside.mounts.some(({ type, writable }) => writable && /^cgroup2?$/.test(type)) ||
    inside.writable.some((folder) => /^\/sys\/fs\/cgroup(\/|$)/.test(folder))
  return [
    essential(
      'no host namespaces',
      shared.length === 0,
      `containers share the namespace ${shared.join(', ')}`,
    ),
    essential(
      'no host paths',
      foreign.length === 0,
      `a container sees the machine’s own at ${foreign.join(', ')}`,
    ),
    essential(
      'read-only control groups',
      !groups,
      'the runtime mounts /sys/fs/cgroup writable, as crun does under control groups v1: with Podman set runtime = "runc" in containers.conf, or use cgroup v2',
    ),
    desirable(
      'own view of control groups',
      !inside.sharedNamespaces.includes('cgroup'),
      'weaker',
      'a container can read the names of its control groups on the machine',
    ),
    desirable(
      'mandatory access control',
      inside.confined,
      'off',
      'a container runs without a profile of AppArmor and without a label of SELinux',
    ),
  ]
}

/** Files that every engine makes for a container, beside its own program that waits for processes. */
const ofEngines = new Set([
  ...['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/passwd', '/etc/group', '/run/.containerenv'],
  ...['/sbin/docker-init', '/usr/sbin/docker-init', '/run/podman-init', '/dev/init'],
  ...['/dev/null', '/dev/zero', '/dev/full', '/dev/tty', '/dev/random', '/dev/urandom', '/dev/console'],
])
/** Where volumes are mounted, all of them the session's own. */
const ofVolumes = /^\/(workspace|drydock-store|run\/drydock-[a-z-]+)$/
const ofKernels = new Set(['proc', 'sysfs', 'devpts', 'mqueue', 'cgroup', 'cgroup2'])

/** A part of a file system that is neither made for the container nor the kernel's own. */
function isForeign({ point, type, root }: Mount): boolean {
  if (point === '/' || ofEngines.has(point) || ofVolumes.test(point) || ofKernels.has(type)) return false
  // A whole memory mount is a fresh one; below /proc and /sys they cover what is hidden.
  return !(type === 'tmpfs' && root === '/') && !/^\/(proc|sys)\//.test(point)
}

/** Of what a build may write; docs/decisions/0003. */
function room(inside: InsideView, limits: SandboxLimits): readonly Protection[] {
  const bytes = inside.workspaceBytes <= limits.workspaceMb * 1024 * 1024
  const inodes = inside.workspaceInodes > 0 && inside.workspaceInodes <= limits.workspaceInodes
  return [
    essential('workspace byte limit', bytes, `a workspace has ${inside.workspaceBytes} bytes`),
    essential('workspace inode limit', inodes, `a workspace has ${inside.workspaceInodes} inodes`),
    desirable(
      'inode limit in /tmp',
      inside.tmpInodes > 0 && inside.tmpInodes <= 100_000,
      'weaker',
      `it has ${inside.tmpInodes} inodes: Podman knows no limit for them, the memory limit bounds them`,
    ),
    desirable(
      'byte limit while packages are installed',
      false,
      'weaker',
      'the engine’s own volume is measured at intervals, and its container ended',
    ),
  ]
}
