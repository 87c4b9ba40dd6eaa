/** How a package manager says in its log why an install failed. */
export interface InstallWords {
  /** What is better said in other words, by the groups of its line. */
  readonly explained?: readonly (readonly [
    line: RegExp,
    reason: (groups: Readonly<Record<string, string>>) => string,
  ])[]
  /** Lines that say what went wrong, the plainest first; the group `text` is the message. */
  readonly reasons: readonly RegExp[]
  /** Said where a registry does not have what was asked for. */
  readonly notFound: RegExp
  /** Said where no registry has such a version: groups `name` and `range`. */
  readonly noVersion: readonly RegExp[]
  /**
   * What manifests say that keeps them from being installed, whatever registries have: in one line, for whoever would
   * edit them. Undefined where it was something else.
   */
  readonly ofManifests?: (log: string) => string | undefined
  /** Each cause, with what a person can do about it. */
  readonly causes: readonly (readonly [cause: RegExp, next: string])[]
}
