/** One version's entry of a changelog that the package itself carries. */
export interface ReleaseNote {
  readonly version: string
  readonly text: string
}

/**
 * One difference between the public interfaces of two versions. `package` is about the package as a whole, such as the
 * oldest Node it runs on or, removed and added, what it brings; `module` is something that can be imported; `word` is
 * what its source reads of what it is given, and no more than that is known.
 */
export interface ApiChange {
  /** `ZodString.email`, `uuid/v4`, `org.yaml.snakeyaml.constructor.Constructor.Constructor`. */
  readonly name: string
  /** The word that a use of it is written with: `email`, `uuid/v4`, `Constructor`. */
  readonly word: string
  readonly kind: 'removed' | 'changed' | 'deprecated' | 'added'
  readonly of: 'member' | 'module' | 'package' | 'word'
  /** Declarations that are gone, and those in their place; one line each. */
  readonly before: readonly string[]
  readonly after: readonly string[]
  /** What a new type offers, told to whoever asks for it. */
  readonly members?: readonly string[]
  /** Words of its members that went with it: code names them and not what declared them. */
  readonly lost?: readonly string[]
  /** Something else has a member of that name in both versions: a use of the word may be of that. */
  readonly elsewhere?: true
  /** The package that declares it, where the updated one only brings that. */
  readonly brought?: string
}

/** What a package says of the way from one version to a later one. */
export interface Release {
  /** After `from`, up to and with `to`, the newest first. */
  readonly notes: readonly ReleaseNote[]
  /** In the order of their names. */
  readonly changes: readonly ApiChange[]
  /** What the difference was read from. */
  readonly source: 'declarations' | 'javascript' | 'classes'
  /** Namespaces that a source file imports it by, where they are not the package's name: Java packages. */
  readonly namespaces: readonly string[]
  /** Commands that either version brings. */
  readonly commands?: readonly string[]
}
