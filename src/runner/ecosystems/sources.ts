import type { GitSource } from '../gitSource/gitSource.ts'
import type { TarballSource } from '../gitSource/tarballSource.ts'

/** Where dependencies come from that no registry has, on the host. */
export interface SourceFetcher {
  readonly git: GitSource
  readonly tarballs: TarballSource
  /** Development and optional dependencies that cannot be had are left out. */
  readonly allowMissing?: boolean
}
