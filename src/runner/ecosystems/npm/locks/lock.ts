/** One package as a lock file pins it. */
export interface LockedPackage {
  /** Name at the registry, which differs from the folder's for an alias. */
  readonly name: string
  readonly version: string
  /** Address that the lock file names; undefined where it names none. */
  readonly resolved?: string
  /** Subresource integrity of the tarball, where the lock file has one. */
  readonly integrity?: string
  /** Has install scripts; undefined where the lock file does not tell. */
  readonly installScript?: boolean
  readonly peers?: Readonly<Record<string, string>>
  /** Names of what it depends on, as it declares them. */
  readonly requires: readonly string[]
  /** Comes from this repository: a workspace or a folder in it. */
  readonly local: boolean
}

/** A lock file of any package manager, as far as we read it. */
export interface Lock {
  readonly packages: readonly LockedPackage[]
  /** Whether it is the lock file of the manifest of `dir`; undefined where the format does not tell. */
  knows?(dir: string): boolean
  /**
   * The pinned package of a dependency, declared in the manifest of `dir` as `name` with `specifier`; `instead` are
   * specifiers of overrides that stand in for it.
   */
  find(dir: string, name: string, specifier: string, instead?: readonly string[]): LockedPackage | undefined
}

/** Name, version and address suffice to tell two entries apart. */
export function identity(entry: Pick<LockedPackage, 'name' | 'version'>): string {
  return `${entry.name}@${entry.version}`
}

/** File name of a package's tarball, as registries address it. */
export function tarballFile(name: string, version: string): string {
  return `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`
}
