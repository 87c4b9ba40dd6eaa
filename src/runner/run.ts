import type { Account } from '../contract/account.ts'
import type { Task } from '../contract/task.ts'
import type { SessionLog } from '../store/write.ts'
import type { Broker } from './broker/broker.ts'
import type { Sandbox } from './docker/sandbox.ts'
import type { Ecosystem } from './ecosystems/ecosystem.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { BareRepository } from './git/repository.ts'
import type { Records } from './install/records.ts'
import type { Baselines } from './pipeline/baselines.ts'

/** What an ended session leaves to one that tries its task again. */
export interface Prior {
  /** Text of its last patch by agent or reviewer. */
  readonly patch?: string
  /** The same as others have worked on it, or on a newer base: checked as it is before any agent is asked. */
  readonly asItIs?: boolean
  readonly attempts: number
  /** What the reviewer and the judge said of it; empty where nobody said anything. */
  readonly said: string
  /** What the agent said of its attempts. */
  readonly accounts: readonly Account[]
}

/** What one session works with: its task, and the services that the composition root opened for it. */
export interface Run {
  readonly task: Task
  /** Drydock's own. */
  readonly version: string
  readonly prior?: Prior | undefined
  readonly repository: BareRepository
  /** In order of preference; the first that knows the repository serves. */
  readonly ecosystems: readonly Ecosystem[]
  readonly sandbox: Sandbox
  /** A broker for one install; `pins` are the integrities that the lock file demands. */
  readonly createBroker: (pins: ReadonlyMap<string, string>) => Broker
  /** Digest of the registries that the host's configuration names; part of cache keys. */
  readonly registryDigest: string
  readonly records: Records
  readonly baselines: Baselines
  readonly gateway: Gateway
  /** Folder of the prompt templates. */
  readonly prompts: string
  readonly log: SessionLog
  readonly signal: AbortSignal
  readonly env: Readonly<Record<string, string | undefined>>
}
