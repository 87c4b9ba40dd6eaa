import type { DocumentAnswer } from '../../contract/agent.ts'
import type { Ecosystem as EcosystemId } from '../../contract/ecosystems/index.ts'
import type { Patch } from '../../contract/patch.ts'
import type { StepName, Summary, TestCounts, TestResult } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Affected, Check, CheckScope, KitPart } from './check.ts'
import type { InstallWords } from './installWords.ts'
import type { Dates, Installed, Locked, OwnScript } from './locked.ts'
import type { Outdated, Resolved, UpdatePlan } from './plan.ts'
import type { Project, Tree } from './project.ts'
import type { Reach } from './reach.ts'
import type { CompanionRecipe, InstallRecipe } from './recipe.ts'
import type { Release } from './release/release.ts'

/** A program for a project container that tells what a prepared workspace holds of a package. */
export interface Inspection {
  readonly argv: readonly string[]
  /** The version each manifest finds there; undefined where it finds none or where that cannot be told. */
  read(output: string): ReadonlyMap<string, { readonly name?: string; readonly version: string }>
}

/** What packages are installed as, where that is archives that the agent cannot open: jars. */
export interface Archives {
  /** A program for a project container that lists them, one a line. */
  readonly list: readonly string[]
  /**
   * An entry of one of them as text, by `path/to.jar!/entry`, from what the repositories serve; nothing that is not in
   * the listing is asked for there.
   */
  read(
    at: {
      readonly address: string
      /** The program's output. */
      readonly listing: () => Promise<string>
      /** The repository's own files, some of which may be archives too. */
      readonly tree: Tree
    },
    signal: AbortSignal,
  ): Promise<DocumentAnswer>
}

/** Names that source files import published versions by; a package that cannot be read has none. */
export type NamespacesOf = (
  packages: readonly { readonly name: string; readonly version: string }[],
  signal?: AbortSignal,
) => Promise<ReadonlyMap<string, readonly string[]>>

/** All that is particular to a package manager; docs/adding-an-ecosystem.md says how another one comes in. */
export interface Ecosystem {
  readonly id: EcosystemId
  detect(tree: Tree): Promise<Project | undefined>
  outdated(tree: Tree, project: Project, signal?: AbortSignal): Promise<readonly Outdated[]>
  /** Throws `no-such-package`, `no-such-version`, `not-a-dependency`; undefined: already up to date. */
  planUpdate(
    tree: Tree,
    project: Project,
    request: {
      readonly package: string
      readonly requested: string
      readonly manifest?: string
      /** Direct dependencies that must move along, with the reason. */
      readonly also?: ReadonlyMap<string, string>
    },
    signal?: AbortSignal,
  ): Promise<UpdatePlan | undefined>
  /** What every declaration of a package comes to in a tree whose lock files are settled; empty: nothing declares it. */
  resolved(tree: Tree, project: Project, name: string): Promise<readonly Resolved[]>
  /** What a settled lock file names; undefined where no lock file says what is installed. */
  locked?(tree: Tree, project: Project): Promise<readonly Locked[]>
  /** The same where no lock file says it: what a prepared workspace says. */
  readonly installed?: Installed
  /** Throws what the registry throws. */
  ownScripts?(one: Locked, signal?: AbortSignal): Promise<readonly OwnScript[]>
  /** When versions of a declared package were published, UTC, by version; at least `of`. Throws what the registry throws. */
  published?(tree: Tree, name: string, of: readonly string[], signal?: AbortSignal): Promise<Dates>
  /** Files besides manifests that decide what is installed, such as `.yarnrc.yml`. */
  decides?(path: string): boolean
  /** Undefined where a workspace holds nothing that could be asked. */
  inspection?(tree: Tree, name: string, manifests: readonly string[]): Promise<Inspection>
  /** Code does not name a package by its name, but by names that its release tells. */
  readonly namespaced?: true
  /** Those names, by package; undefined where code names packages by their names. */
  readonly namespacesOf?: NamespacesOf
  /** Undefined where packages are files that can be read as they are. */
  readonly archives?: Archives
  /**
   * What the package itself says of the way between two versions: its changelog, and how its public interface differs.
   * Undefined where nothing could be read; nothing of it is ever run.
   */
  release?(
    tree: Tree,
    update: { readonly package: string; readonly from: string; readonly to: string },
    signal?: AbortSignal,
  ): Promise<Release | undefined>
  /** `write` makes or refreshes the lock files only; `frozen` installs exactly what they say. */
  install(tree: Tree, project: Project, mode: 'write' | 'frozen'): Promise<InstallRecipe>
  /** What the repository keeps beside its lock file, written by the package manager as well; undefined: nothing. */
  companions?(tree: Tree, project: Project): Promise<CompanionRecipe | undefined>
  /** Packages that a failed install's log says must move too, with the reason. */
  conflicts?(log: string): ReadonlyMap<string, string>
  readonly words: InstallWords
  /** What would let a failed install succeed: its lock file written anew, or looser rules for peers. */
  remedy?(log: string): 'lock' | 'peers' | undefined
  /** Where a project can be installed by looser rules for peers: whose rules, and the setting that means them. */
  looserPeers?(project: Project): { readonly rules: string; readonly setting: string } | undefined
  /**
   * Whether `install` leaves out from now on what a failed one could not get, because the user allows it; a reason where
   * that cannot be. Undefined where nothing of it is known to be missing.
   */
  leaveOut?(
    tree: Tree,
    project: Project,
    missing: {
      /** `name` or `name@version` of what registries do not have. */
      readonly gone: readonly string[]
      readonly log: string
    },
  ): Promise<{ readonly leftOut: readonly string[] } | { readonly refused: string } | undefined>
  /** Lock-file changes that no specifier explains, new install scripts, new hosts. */
  explainLock(before: Tree, after: Tree, patch: Patch): Promise<readonly Warning[]>
  checks(tree: Tree, project: Project, scope: CheckScope): Promise<readonly Check[]>
  /**
   * Whether a failed check's log names packages that the install did not bring; from then on `install` brings them, so
   * that the check is worth another try.
   */
  lacking?(tree: Tree, log: string): Promise<boolean>
  /** Modules that a change of these paths can matter to; undefined where it is all of them. */
  affected?(tree: Tree, paths: readonly string[]): Promise<Affected | undefined>
  /**
   * Manifests of `patched` with the base's scripts put back; only those that differ. Where undefined, checks never
   * depend on a script of a manifest.
   */
  pinScripts?(base: Tree, patched: Tree, project: Project): Promise<ReadonlyMap<string, Buffer>>
  /** Scripts and configuration of tests and linters that manifests carry, each that differs as a part of its own. */
  kitParts?(base: Tree, patched: Tree, project: Project): Promise<readonly KitPart[]>
  /** Results by name from the reporter files and the log of one step; undefined where there are none. */
  results(files: ReadonlyMap<string, Buffer>, log?: string): readonly TestResult[] | undefined
  /** Parts of the step's checks whose tests ran without names. */
  unnamed?(
    files: ReadonlyMap<string, Buffer>,
    tests: readonly TestResult[],
    project: Project,
    checks: readonly Check[],
  ): readonly string[]
  /** Tests as the log of a test step counts them; undefined where it has no such line. */
  counts?(log: string): TestCounts | undefined
  summarise(step: StepName, log: string): Summary
  /** Undefined where no check can tell which lines it ran. */
  readonly reach?: Reach
}
