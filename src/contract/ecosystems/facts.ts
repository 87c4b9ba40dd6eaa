/** What is known of an ecosystem without looking at any project: names and forms, no behaviour. */
export interface EcosystemFacts {
  /** Name in tasks, logs and options; its folders are called so. */
  readonly id: string
  /** As it stands in a sentence. */
  readonly name: string
  /** Package managers whose projects it takes, as a person knows them. */
  readonly managers: readonly string[]
  /** File that makes its folder a project. */
  readonly manifest: string
  /** Key of the manifest below which commands of the project stand by their names. */
  readonly scripts?: string
  /** Further files that declare packages. */
  readonly manifests: readonly string[]
  readonly lockfiles: readonly string[]
  /** Lines of a log in which a package manager says what it runs, or that this failed. */
  readonly echoes?: RegExp
  /** Files at the top of builds that are like its own and refused by name. */
  readonly relatives?: RegExp
  /** Plain names belong to it where nobody says whose they are; one ecosystem has it. */
  readonly usual?: true
  /** How packages are named, where that tells them from every other ecosystem's: what messages call such a name, and its form. */
  readonly named?: { readonly as: string; readonly form: RegExp }
  /** Where a manifest declares its packages. */
  readonly declares: DeclarationForm
  /** Paths, relative to the repository, that installing or building writes. */
  readonly generated: RegExp
  /** The same as patterns of git's exclude file, for what lies where an agent works. */
  readonly installed: readonly string[]
  /** Paths, in lower case, of further files that decide what is installed or run. */
  readonly sensitive?: RegExp
  /** Keys of `.drydock.json` for versions of its tools, each with its description. */
  readonly toolchain: Readonly<Record<string, string>>
}

export type DeclarationForm =
  /** Names of the properties of these objects at the top of a JSON document. */
  | { readonly kind: 'json'; readonly groups: readonly string[] }
  /** These elements of an XML document; a name is made of the text of the elements in `name`, with its usual text where there is none. */
  | {
      readonly kind: 'xml'
      readonly elements: readonly string[]
      readonly name: readonly { readonly element: string; readonly usual?: string }[]
    }
  /** Each line that matches; the group `name` is the package's. */
  | { readonly kind: 'lines'; readonly line: RegExp }
