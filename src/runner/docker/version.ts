import type Docker from 'dockerode'

/** What an engine says of itself. */
export type Version = Awaited<ReturnType<Docker['version']>>

export function isPodman(version: Version): boolean {
  return version.Components?.[0]?.Name?.startsWith('Podman') === true
}
