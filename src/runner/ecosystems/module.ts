import type { Ecosystem as EcosystemId } from '../../contract/ecosystems/index.ts'
import type { StepName } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Served } from '../broker/served.ts'
import type { Connection, Upstream } from '../broker/upstream.ts'
import type { Change, Evidence } from '../integrity/change.ts'
import type { Section } from '../summarise/finding.ts'
import type { LineSink } from '../summarise/lines.ts'
import type { Ecosystem } from './ecosystem.ts'
import type { PublishedVersion } from './release/reader.ts'
import type { Release } from './release/release.ts'
import type { SourceFetcher } from './sources.ts'

/** What an ecosystem is opened with, on the host. */
export interface OpenContext {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly userHome: string
  /** Folder on the host, shared with the broker. */
  readonly cacheDir: string
  /** Program of `release/worker.ts`; where there is none, no release is read. */
  readonly releaseReader?: string
  /** What no registry has is left out where that can be; the user's setting. */
  readonly allowMissing?: boolean
  /** File that remembers, for one repository, what its builds were found to need; none where undefined. */
  readonly memory?: (id: EcosystemId) => string
  /** For dependencies from git and from addresses, by the connection to the ecosystem's registries; refused where undefined. */
  readonly sources?: (by: {
    readonly upstreams: readonly Upstream[]
    readonly connection: Connection
  }) => SourceFetcher
}

export interface OpenedEcosystem {
  readonly ecosystem: Ecosystem
  /** For the broker. */
  readonly served: Served
  /** Hex digest of the registries, without credentials; part of cache keys. */
  readonly digest: string
}

/** `<id>/open.ts`: reads the user's own configuration; throws a failure where that names no registry. */
export interface OpenModule {
  open(context: OpenContext): Promise<OpenedEcosystem>
}

export interface LogSummariser extends LineSink {
  readonly sections: () => Section[]
}

/** `<id>/logs.ts` */
export interface LogsModule {
  /** Whether only a log of this ecosystem has such a line; undefined where no line tells. */
  readonly tells?: RegExp
  summariser(step: StepName | undefined): LogSummariser
}

/** `<id>/spec.ts` */
export interface SpecModule {
  /** A package as a person writes it; undefined where it is none of a registry's. */
  readSpec(spec: string): { readonly package: string; readonly requested: string } | undefined
}

/** `<id>/integrity.ts`: what a change of its files does to what a patch is judged by; run whatever project was found. */
export interface IntegrityModule {
  /** What a change of one of its manifests does, versions of packages apart. */
  manifest?(change: Change): readonly Warning[]
  /** The same for a manifest that is a build's whole configuration, setting by setting; undefined for other files. */
  settings?(change: Change): readonly string[] | undefined
  /** Commands that the checks run, one a line, from the base's manifests by path. */
  commands?(kit: Evidence['kit']): string
  /** Names of packages that are taken for others. */
  names?(evidence: Evidence): readonly Warning[]
  /** Keys of a manifest that put one version in the place of another, and what one of them says in a manifest. */
  readonly pins?: readonly string[]
  pinned?(manifest: Buffer | undefined, key: string): string | undefined
}

/** `<id>/archive.ts`: reads published files, in a thread of its own. */
export interface ArchiveModule {
  /** `beside` is what a job of the ecosystem's own brought. */
  release(from: PublishedVersion, to: PublishedVersion, beside?: unknown): Promise<Release | undefined>
  /** Whatever else the ecosystem asks published files for. */
  own?(job: unknown): unknown
}
