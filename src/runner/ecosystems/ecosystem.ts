import type { DocumentAnswer } from '../../contract/agent.ts'
import type { Ecosystem as EcosystemId } from '../../contract/ecosystems/index.ts'
import type { Move } from '../../contract/events.ts'
import type { Choosable } from '../../contract/outdated.ts'
import type { Patch } from '../../contract/patch.ts'
import type { StepName, Summary, TestCounts, TestResult } from '../../contract/report.ts'
import type { RepositoryConfig } from '../../contract/settings.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { ImageNeed } from '../toolchains/need.ts'
import type { InstallWords } from './installWords.ts'
import type { Dates, Installed, Locked, OwnScript } from './locked.ts'
import type { Release } from './release/release.ts'

/** Reads a file of the tree in question; undefined where there is none. */
export type ReadFile = (path: string) => Promise<Buffer | undefined>

/** A tree as an ecosystem sees it: names and bytes, no disk. */
export interface Tree {
  readonly paths: readonly string[]
  readonly read: ReadFile
  /** Where it is a folder of a repository, the folder's path in it; what lies outside can be read as `../other`. */
  readonly folder?: string
  /** Paths outside the folder, as they look from it. */
  readonly around?: readonly string[]
}

/** A file that says which versions of its packages a project gets. */
export interface Lock {
  readonly path: string
  /** Name and version of the tool that writes it, for a person: `pnpm@10`. */
  readonly writer: string
}

/** What an ecosystem found in a tree. */
export interface Project {
  readonly ecosystem: EcosystemId
  /** Name and version of the tool that installs. */
  readonly packageManager: string
  /** All manifests, the root's first. */
  readonly manifests: readonly string[]
  /**
   * What says which versions are installed: lock files, or the manifests alone, which name each of them; then there is no
   * lock file to write or to keep.
   */
  readonly versionsIn: 'locks' | 'manifests'
  /** Those in the tree. Where there are none although versions are in locks, they are made once for the session and never committed. */
  readonly locks: readonly Lock[]
  readonly image: ImageNeed
  /** Version of the tool chain and what decided it, for a person: `Node 20 (.nvmrc)`. */
  readonly toolchain?: string
  readonly config: RepositoryConfig
  /** Peers that do not fit are passed over: its lock file was made so. */
  readonly legacyPeers?: true
}

/** One declared dependency for which the registry has something newer. */
export interface Outdated {
  readonly name: string
  readonly manifest: string
  readonly group: 'prod' | 'dev' | 'peer' | 'optional'
  readonly range: string
  readonly current: string
  readonly wanted: string
  readonly latest: string
  readonly change: 'major' | 'minor' | 'patch' | 'none'
  /** The newest of each major from the current one on, the newest first. */
  readonly choices?: readonly Choosable[]
}

/** One run of the package manager that writes the lock files. */
export interface Pass {
  /** Manifests that it writes them for, and that stand in the patch where its result counts. */
  readonly manifests: ReadonlyMap<string, Buffer>
  /** Tried once more where this pass leads to the planned versions; its result counts instead where they hold. */
  readonly loosened?: {
    readonly manifests: ReadonlyMap<string, Buffer>
    /** A lock file of the pass, made to fit these manifests: where the second try starts. */
    readonly adapt: (path: string, bytes: Buffer) => Buffer
  }
}

/** The manifest edit an update starts with, and how lock files are written from it. */
export interface UpdatePlan {
  readonly from: string
  readonly to: string
  readonly moves: readonly Move[]
  /** Edited manifests. */
  readonly files: ReadonlyMap<string, Buffer>
  /**
   * Passes in turn until one leads to the planned versions; where even the last one does not, the update is refused.
   * Empty: the manifests alone decide, and `files` is all there is to write.
   */
  readonly resolution: readonly Pass[]
  /** Version of every package that moves, by its declared name. */
  readonly versions: ReadonlyMap<string, string>
  /** Name at the registry, where the asked one stands for another. */
  readonly means?: string
  /** Manifests that had something newer already, which was not asked to go back. */
  readonly left?: ReadonlySet<string>
  /** What a person must know of the manifests' edits. */
  readonly warnings?: readonly Warning[]
  /** The project on tools that the new version asks for, where those it has were guessed, and what is to be said before and then. */
  readonly newerTools?: { readonly project: Project; readonly trying: Warning; readonly warning: Warning }
}

/** What one declaration of a package comes to, by the lock file or by the build's model. */
export interface Resolved {
  readonly manifest: string
  /** What the manifest takes it from where that is no version of a registry, as written. */
  readonly elsewhere?: string
  /** Name at the registry that the manifest means, where that is another one. */
  readonly means?: string
  /** Name of what it comes to, where that is not what the manifest means. */
  readonly instead?: string
  /** Undefined where nothing is resolved for it. */
  readonly version?: string
  /** Nothing has to be there: a peer, or an optional dependency. */
  readonly optional?: true
  /** Why it takes no part in what is built and checked. */
  readonly aside?: string
  /** A workspace cannot be asked for it: a plugin, a parent, an entry that only manages. */
  readonly unasked?: true
  /** What decides the version, where the manifest itself does not: `pnpm.overrides.ms in package.json`. */
  readonly by?: string
}

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

/** Folder in the workspace for a package manager's own store; gone after the install phase. */
export const installScratch = '.drydock-install'

export interface InstallScript {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Relative to the workspace; its root where undefined. */
  readonly cwd?: string
  /** As a person would type it. */
  readonly display: string
}

/** How dependencies come into a workspace. */
export interface InstallRecipe {
  /** What the install container gets: reduced manifests and configuration, nothing else. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The package manager's own files, which lie outside of the workspace and stay with it: `/drydock-store`. */
  readonly store?: ReadonlyMap<string, Buffer>
  /** Shell-free argv, run by the relay in the install container, cwd /workspace. */
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Lock files to read back afterwards, where it is to write them. */
  readonly outputs: readonly string[]
  /** An output as the user's own package manager would have written it: no address of the relay is left. */
  readonly restore: (path: string, bytes: Buffer) => Buffer
  /** Integrity that the lock file demands, by path at the relay. */
  readonly pins: ReadonlyMap<string, string>
  /** Packages that the lock file names. */
  readonly packages: number
  /** Names of the folders that hold installed packages; nothing else of the install phase survives. */
  readonly keep: readonly string[]
  /** Offline, in a project container, once the source is there; a failure is reported, not fatal. */
  readonly scripts: readonly InstallScript[]
  readonly warnings: readonly Warning[]
  /** One line: what to try first where the install fails. */
  readonly hint?: string
  readonly words: InstallWords
  /** Host of the registry that packages come from. */
  readonly registryHost?: string
  /** The way from a manifest to a package of that name: the manifest, then what stands between; empty where unknown. */
  readonly neededBy?: (name: string) => readonly string[]
}

/** How files that a repository keeps beside its lock file are written. */
export interface CompanionRecipe extends InstallRecipe {
  /** Paths of those that are there. */
  readonly kept: readonly string[]
  /** Archives of packages, each named by its content. */
  readonly archives?: { readonly folder: string; readonly paths: readonly string[] }
  /** A kept file as it should be committed, where another version of the package manager wrote the one before. */
  readonly merge: (before: Buffer, after: Buffer) => Buffer
  /** Whether an archive belongs to nothing that the lock file names. */
  readonly isGone: (path: string) => boolean
}

/** One check, run in a project container. */
export interface Check {
  readonly step: StepName
  /** As a person would type it. */
  readonly display: string
  /** No script of the project names it. */
  readonly derived?: true
  /** It reads the project's own files and nothing else. */
  readonly syntaxOnly?: true
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Folder in the container that structured reporters write to; read back after the step. */
  readonly results?: string
  /** What it chains, for where it fails as a whole on the base: then the parts stand for it. */
  readonly chain?: CheckChain
  /** Folders of the packages whose scripts it runs, where it names them. */
  readonly parts?: readonly string[]
  /** What is to be said of it whatever its result is. */
  readonly note?: string
}

/** What stands for a check that fails as a whole on the base, or is run beside it. */
export interface CheckChain {
  /** The whole one is measured too. */
  readonly beside?: true
  /** Whether a log of the whole one asks for it; any does where undefined. */
  readonly when?: (log: string) => boolean
  readonly checks: readonly Check[]
  /** Parts that need a network, as a person would type them. */
  readonly notRun: readonly string[]
}

export interface CheckScope {
  /** Steps to run; all where undefined. */
  readonly steps?: readonly StepName[]
  /** Only these tests' files, for reruns of flaky tests. */
  readonly testFiles?: readonly string[]
  /** Folders of the modules that matter, where a build can be cut down to them; all where undefined. */
  readonly modules?: readonly string[]
}

/** A part of a manifest that says what the checks run, or how, where a patch changes it. */
export interface KitPart {
  readonly manifest: string
  /** Unique in the manifest: `scripts.test`, `jest`, `maven-surefire-plugin`. */
  readonly name: string
  /** As it stands in a sentence: `script test of package.json`. */
  readonly label: string
  /** The tool that it configures, where it does: `eslint`. */
  readonly tool?: string
  /** Whether the base has it and whether the patched manifest has. */
  readonly status: 'added' | 'modified' | 'deleted'
  /** The patched manifest with this part as the base has it; everything else stays. */
  readonly putBack: (patched: Buffer) => Buffer
}

/** A part of a build that can be checked for itself. */
export interface Affected {
  /** For `CheckScope.modules`. */
  readonly modules: readonly string[]
  /** Whether a check of these modules runs the tests of a file. */
  covers(path: string): boolean
}

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
}
