import type { EngineFacts } from './facts.ts'

/** What the making and the reading of a container depend on. */
export interface EngineAbilities {
  /** False where the kernel cannot limit swap: the preflight says so and the run goes on. */
  readonly swapLimit: boolean
  /**
   * Podman answers Docker's interface in words of its own: it reads a seccomp profile from a file on its own machine; knows no inodes of memory mounts; lists dropped capabilities by name and volumes as binds;
   * and starts containers with the runtime of its configuration. What it does not say is looked at from inside.
   */
  readonly dialect: 'docker' | 'podman'
  /** Path of our seccomp profile, where Podman can read it; its own default holds otherwise. */
  readonly seccompFile?: string
  /** Podman's runtime. */
  readonly runtime?: string
}

/** Whether the profile is ours that containers get. */
export function hasOwnFilter({ dialect, seccompFile }: EngineAbilities): boolean {
  return dialect === 'docker' || seccompFile !== undefined
}

export function abilitiesOf({ info, podman, runtime }: EngineFacts): EngineAbilities {
  return {
    swapLimit: info.SwapLimit !== false,
    dialect: podman ? 'podman' : 'docker',
    ...(runtime === undefined ? {} : { runtime }),
  }
}
