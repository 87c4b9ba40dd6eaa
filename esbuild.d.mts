import type { BuildOptions } from 'esbuild'

export interface HowToBuild {
  /** Folder of what is built; `dist` where it is left out. */
  readonly out?: string
  readonly packaging?: boolean
  readonly watching?: boolean
}

export function programs(how?: HowToBuild): Promise<ReadonlyMap<string, BuildOptions>>
