import { assertedProtections } from './asserted.ts'
import type { Confinement } from './confinement.ts'
import type { SandboxLimits } from './containerOptions.ts'
import type { Engine } from './engine.ts'
import { type EngineFacts, factsOf, hasOption } from './facts.ts'
import { desirable, essential, type Protection, worst } from './protection.ts'
import { seenProtections, widerFilter } from './seen.ts'
import { triedVersion } from './support.ts'

/** What the engine says of itself; `confinement` adds what a container shows, each protection once and at its worst. */
export async function preflight(
  engine: Engine,
  limits: SandboxLimits,
  confinement?: Confinement,
): Promise<readonly Protection[]> {
  return protectionsFrom(await factsOf(engine.docker), limits, confinement)
}

/** The same, for who has asked the engine already. */
export function protectionsFrom(
  facts: EngineFacts,
  limits: SandboxLimits,
  confinement?: Confinement,
): readonly Protection[] {
  return worst([
    ...isolation(facts, limits),
    ...bounds(facts),
    ...surroundings(facts),
    ...(confinement ? asProtections(confinement, limits) : []),
  ])
}

function isolation(facts: EngineFacts, limits: SandboxLimits): readonly Protection[] {
  const { info } = facts
  const seccomp = (info.SecurityOptions ?? []).find((option) => option.startsWith('name=seccomp'))
  return [
    essential('Linux containers', info.OSType === 'linux', `the engine runs ${info.OSType} containers`),
    essential(
      'seccomp filter',
      seccomp !== undefined && !seccomp.includes('unconfined'),
      seccomp ? 'the engine’s default profile is unconfined' : 'the engine was built without seccomp',
    ),
    desirable(
      'user namespace',
      hasOption(info, 'userns') || facts.rootless,
      'off',
      'users of containers are the machine’s own; a rootless engine or userns-remap parts them',
    ),
    desirable(
      'mandatory access control',
      hasOption(info, 'apparmor') || hasOption(info, 'selinux'),
      'off',
      'neither AppArmor nor SELinux is active in the engine',
    ),
    ...chosenRuntime(facts, limits),
  ]
}

/** Podman lists runtimes that it could use were they installed, and starts all containers with one of them. */
function chosenRuntime(facts: EngineFacts, { runtime }: SandboxLimits): readonly Protection[] {
  if (runtime === undefined) return []
  const name = `runtime ${runtime}`
  if (!facts.podman)
    return [essential(name, runtime in (facts.info.Runtimes ?? {}), 'the engine does not know it')]
  const why = `Podman starts its containers with ${facts.runtime ?? 'a runtime that it does not name'}: set \`runtime\` in its containers.conf`
  return [essential(name, facts.runtime === runtime, why)]
}

function bounds(facts: EngineFacts): readonly Protection[] {
  const { info } = facts
  return [
    essential('memory limit', limited(facts, 'memory', info.MemoryLimit), whyUnlimited(facts, 'memory')),
    essential('process limit', limited(facts, 'pids', info.PidsLimit), whyUnlimited(facts, 'pids')),
    desirable('CPU limit', limited(facts, 'cpu', info.CpuCfsQuota), 'off', whyUnlimited(facts, 'cpu')),
    desirable(
      'swap limit',
      info.SwapLimit !== false && limited(facts, 'memory', true),
      'weaker',
      'a container may use swap beyond its memory limit',
    ),
  ]
}

function limited(facts: EngineFacts, controller: string, said: boolean | undefined): boolean | undefined {
  if (facts.rootless && facts.info.CgroupVersion === '1') return false
  // Podman's own list counts: in Docker's words it promises what nobody delegated, and denies a CPU limit that it has.
  return facts.controllers === undefined ? said : facts.controllers.includes(controller)
}

function whyUnlimited({ rootless, info }: EngineFacts, controller: string): string {
  if (!rootless) return `the kernel’s ${controller} control group is off`
  return info.CgroupVersion === '2'
    ? `the ${controller} controller is not delegated to this user: in a drop-in of systemd’s user@.service set Delegate=cpu cpuset io memory pids, and log in again`
    : 'rootless needs cgroup v2, and this machine has version 1: boot it with systemd.unified_cgroup_hierarchy=1, or use an engine of root'
}

function surroundings(facts: EngineFacts): readonly Protection[] {
  const { info } = facts
  return [
    triedVersion(facts),
    desirable(
      'control groups v2',
      info.CgroupVersion === undefined ? undefined : info.CgroupVersion === '2',
      'weaker',
      'version 1 accounts for memory less exactly',
    ),
  ]
}

function asProtections(confinement: Confinement, limits: SandboxLimits): readonly Protection[] {
  if (confinement.state === 'not-built')
    return [essential('images', false, 'none is built yet: `drydock setup` makes them, or the first run')]
  if (confinement.state === 'refused') return [essential('tried container', false, confinement.why)]
  const asserted = assertedProtections.filter((name) => name !== 'chosen runtime' || limits.runtime)
  return [
    essential('images', true, ''),
    ...asserted.map((name) => essential(name, true, '')),
    desirable('own seccomp profile', confinement.ownFilter, 'weaker', widerFilter),
    ...seenProtections(confinement.inside, limits),
  ]
}
