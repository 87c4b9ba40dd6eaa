/** A package as code names it: by a module's name, or by the beginning of whole names. */
export interface Imported {
  /** `name`, or `group:artifact`. */
  readonly package: string
  /** Beginnings of the names of what the artifact holds; its group where empty. */
  readonly namespaces?: readonly string[]
  /** Whole names of what changed, for imports of everything that one of them holds. */
  readonly known?: readonly string[]
}

/** What a file takes from another one of the repository. */
export interface Taken {
  /** The other one, as `moduleOf` names it. */
  readonly module: string
  /** Names there and here; `default` is also what is loaded as a whole. */
  readonly names: readonly (readonly [there: string, here: string])[]
  /** It only hands them on; without names everything. */
  readonly onward: boolean
}

/** What a file takes from the others of its repository, and gives them. */
export interface Links {
  readonly takes: readonly Taken[]
  /** What it gives, by the name for others: the text of the value. Read where it is asked for. */
  readonly gives: () => ReadonlyMap<string, string>
}

/** Words that code in a language is full of: a package's member of such a name is met by few of the lines that hold it. */
export interface OwnWords {
  /** Nothing but a member behind a dot, or of a class, may be called so: `Observable.if`. */
  readonly reserved: readonly string[]
  /** Every list, text and object has them. */
  readonly ofLists: readonly string[]
  /** Whatever holds something has them: they are the package's where a file does not say otherwise. */
  readonly ofHolders: readonly string[]
}

/** What the search for the lines that an update meets has to know of a language. Patterns of a failure have one group. */
export interface Language {
  /** Paths of its source code. */
  readonly files: RegExp
  readonly tests: RegExp
  /** Paths of what was brought or written by a tool, beside the folders that every tool writes into. */
  readonly brought?: RegExp
  /** Paths of files that only declare: they matter where they add to the package. */
  readonly declares?: RegExp
  /** Paths of files that a compiler reads which knows types. */
  readonly typed?: RegExp
  /** Files of one folder know each other's classes without an import. */
  readonly knowsNeighbours?: true
  readonly words: OwnWords
  /** Of what a failure says: names of what is gone, and modules that cannot be loaded. */
  readonly said: { readonly words: readonly RegExp[]; readonly modules?: readonly RegExp[] }
  /** What a compiler says of a name that it misses, or knows no type of any more; one group of each pattern is the name. */
  readonly unknown?: { readonly missing: RegExp; readonly untyped: RegExp }
  /** What comments that speak to a tool begin with, where that is not the tool's name. */
  readonly spoken?: Readonly<Record<string, readonly string[]>>
  /** Names of a tool's configuration files, where they are not made of the tool's name; a pattern. */
  readonly configs?: Readonly<Record<string, string>>
  /** Whether a package of this name is imported in it. */
  owns(name: string): boolean
  /** A line of a text that imports the package. */
  importPattern(wish: Imported, text: string): RegExp
  /** Names that an import line binds; of everything that a name holds those that are `known`. */
  boundNames(line: string, known: readonly string[]): readonly string[]
  /** Names that a test has of the package as globals. */
  globalsIn?(name: string, text: string): readonly string[]
  /** A line that loads one of the modules, whole or a path below it, or puts something in its place. */
  modulePattern?(names: readonly string[]): RegExp
  /** A file as it can be loaded; its path where undefined. */
  moduleOf?(path: string): string
  linksOf?(path: string, text: string, modules: ReadonlySet<string>): Links
}
