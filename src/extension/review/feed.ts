import { DrydockError, type Failure } from '../../contract/failure.ts'
import type { ReviewView } from '../../contract/reviewView.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { MessageToPanel } from '../../contract/webviewMessages.ts'
import { shownExchange } from './exchange.ts'
import type { ReviewFold } from './fold.ts'
import type { ReviewStore } from './services.ts'

/** Shortest time between two messages about a session that runs, ms. */
const flushEveryMs = 100
/** The first message is small, and alone until it is drawn: a page is busy for long with thousands of turns. */
const turnsAtFirst = 100
const turnsPerMessage = 5000

/** What the feed tells of, as it is now. */
export interface FeedSource {
  readonly id: string
  readonly fold: () => ReviewFold
  readonly review: () => ReviewView
}

export interface FeedPorts {
  readonly store: ReviewStore
  /** To the panel. */
  readonly post: (message: MessageToPanel) => void
  /** The session's name and outcome, for the panel's tab. */
  readonly onSession?: (session: SessionView) => void
}

/** What a panel is told of its session: all of it once its page is there and the log was read, then what changes. */
export class PanelFeed {
  readonly #ports: FeedPorts
  readonly #source: FeedSource
  #pageIsThere = false
  /** The whole log was read once: what a part of it says may be void. */
  #read = false
  #failure: Failure | undefined
  #flushing: NodeJS.Timeout | undefined
  #patchSent: string | undefined
  /** Which turns the page may get by now. */
  #turnsDue: 'first' | 'none' | 'all' = 'first'

  constructor(ports: FeedPorts, source: FeedSource) {
    this.#ports = ports
    this.#source = source
  }

  dispose(): void {
    clearTimeout(this.#flushing)
  }

  get hasRead(): boolean {
    return this.#read
  }

  /** The log begins anew. */
  restart(): void {
    this.#patchSent = undefined
    this.#read = false
  }

  /** The log is read as far as it goes. */
  caughtUp(): void {
    // A page that waits for the log has waited enough.
    if (this.#read) this.#schedule()
    else {
      this.#read = true
      this.flush()
    }
  }

  /** A log that cannot be read is told again to a page that was not there yet. */
  fail(failure: Failure): void {
    this.#failure = failure
    this.#ports.post({ type: 'failed', failure })
  }

  /** A page that knows nothing yet. */
  all(): void {
    this.#pageIsThere = true
    this.#patchSent = undefined
    this.#turnsDue = 'first'
    this.#source.fold().markAllTurns()
    this.flush()
    if (this.#failure !== undefined) this.fail(this.#failure)
  }

  flush(): void {
    clearTimeout(this.#flushing)
    this.#flushing = undefined
    const { session } = this.#source.fold()
    if (!this.#pageIsThere || !this.#read || session === undefined) return
    this.#ports.onSession?.(session)
    this.#ports.post({ type: 'review', review: this.#source.review() })
    // The diff is what is looked at first.
    void this.#patch(session).then(() => this.#turns())
  }

  /** The page has drawn those that it has. */
  otherTurns(): void {
    this.#turnsDue = 'all'
    this.#turns()
  }

  turn(index: number): void {
    const turn = this.#source.fold().turn(index)
    if (turn !== undefined) this.#ports.post({ type: 'turn', turn })
  }

  async exchange(index: number): Promise<void> {
    const found = this.#source.fold().exchangeOf(index)
    if (found === undefined) return
    const artifact = (digest: string) => this.#ports.store.artifact(this.#source.id, digest)
    this.#ports.post({ type: 'exchange', index, ...(await shownExchange(artifact, found.digest)) })
  }

  past(): void {
    this.#ports.post({ type: 'past', ...this.#source.fold().past })
  }

  async pastPatch(digest: string): Promise<void> {
    const { patches } = this.#source.fold().past
    if (!patches.some((patch) => patch.digest === digest)) return
    this.#ports.post({ type: 'pastPatch', digest, text: await this.#text(digest) })
  }

  #schedule(): void {
    if (this.#pageIsThere) this.#flushing ??= setTimeout(() => this.flush(), flushEveryMs)
  }

  #turns(): void {
    if (this.#turnsDue === 'none') return
    const fold = this.#source.fold()
    const most = this.#turnsDue === 'first' ? turnsAtFirst : turnsPerMessage
    for (;;) {
      const turns = fold.takeChangedTurns(most)
      if (turns.length === 0) break
      this.#ports.post({ type: 'turns', total: fold.turnCount, turns })
      if (this.#turnsDue === 'first') break
    }
    // Where there are more the page asks for them.
    if (this.#turnsDue === 'first') this.#turnsDue = fold.hasChangedTurns ? 'none' : 'all'
  }

  async #patch({ patch }: SessionView): Promise<void> {
    const digest = patch?.digest
    if (digest === undefined || digest === this.#patchSent) return
    this.#patchSent = digest
    try {
      const text = await this.#text(digest)
      if (this.#patchSent === digest) this.#ports.post({ type: 'patch', digest, text })
    } catch (error) {
      if (!(error instanceof DrydockError)) throw error
      this.#ports.post({ type: 'failed', failure: error.failure })
    }
  }

  async #text(digest: string): Promise<string> {
    return Buffer.from(await this.#ports.store.artifact(this.#source.id, digest)).toString('utf8')
  }
}
