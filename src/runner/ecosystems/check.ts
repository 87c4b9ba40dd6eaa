import type { StepName } from '../../contract/report.ts'

/** One check, run in a project container. */
export interface Check {
  readonly step: StepName
  /** As a person would type it. */
  readonly display: string
  /** No script of the project names it. */
  readonly derived?: true
  /** It reads the project's own files and nothing else. */
  readonly syntaxOnly?: true
  /** What ended early, as a person would type it: this shows what it hides. */
  readonly beside?: string
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
