import type { Manager, Peer } from './choice.ts'
import type { CampaignEngine } from './engine.ts'
import type { TroubledPeer } from './peers.ts'
import type { Oracle, Scene } from './scene.ts'
import type { Places } from './templates.ts'

export interface World extends AsyncDisposable {
  readonly engine: CampaignEngine
  readonly peers: Readonly<Record<Peer, TroubledPeer>>
  readonly places: Places
  /** Where a trial of a manager's project starts from. */
  templates(manager: Manager): Places
  /** A home in which a session waits for review. */
  waiting(manager: Manager): string
  /** By scene. */
  readonly oracles: ReadonlyMap<string, Oracle>
  oracle(scene: Scene): Oracle
  env(places: Places): NodeJS.ProcessEnv
  /** The model that is asked from now on. */
  play(scene: Scene): Promise<void>
  /** Lays out the places of a trial anew. */
  reset(options: Anew): Promise<void>
}

export type Unasked = Omit<World, 'oracles' | 'oracle' | typeof Symbol.asyncDispose>

export interface Anew {
  readonly manager: Manager
  readonly waiting: boolean
  readonly repository: string
}
