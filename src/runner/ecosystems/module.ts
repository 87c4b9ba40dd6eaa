import type { DocumentAnswer } from '../../contract/agent.ts'
import type { Ecosystem as EcosystemId } from '../../contract/ecosystems/index.ts'
import type { StepName } from '../../contract/report.ts'
import type { Served } from '../broker/served.ts'
import type { Connection, Upstream } from '../broker/upstream.ts'
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

/** `<id>/archive.ts`: reads published files, in a thread of its own. */
export interface ArchiveModule {
  release(from: PublishedVersion, to: PublishedVersion): Promise<Release | undefined>
  /** An entry of a file that the agent cannot open by itself, as `Archives` asks for it. */
  entry?(job: unknown): DocumentAnswer | undefined
}
