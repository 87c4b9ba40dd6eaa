import { approvalBlockers, mayDrop } from '../../contract/approval.ts'
import { assertNever, type Event } from '../../contract/events.ts'
import { toFailure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import type { DroppedPart, PendingRequest, ReviewView } from '../../contract/reviewView.ts'
import type { RunRequest } from '../../contract/runRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { keptInDrop } from '../../contract/states/ofUpdate.ts'
import { isWarnedPlace } from '../../contract/warnedPlaces.ts'
import { MessageToHost } from '../../contract/webviewMessages.ts'
import { isSite } from '../../contract/whyRows.ts'
import { drop, keep } from './dropped.ts'
import { type FeedPorts, PanelFeed } from './feed.ts'
import { ReviewFold } from './fold.ts'
import { Previews } from './previews.ts'
import type { ReviewEditor, ReviewRunner, Subscription } from './services.ts'

export interface ReviewPorts extends FeedPorts {
  readonly runner: ReviewRunner
  readonly editor: ReviewEditor
}

/** One session under review: what its panel is told, and what is done about what its panel asks. */
export class ReviewSession {
  readonly id: string
  readonly #ports: ReviewPorts
  #fold = new ReviewFold()
  #following: Subscription
  readonly #feed: PanelFeed
  readonly #previews: Previews
  #pending: PendingRequest | null = null
  #dropped: { readonly digest: string; readonly parts: readonly DroppedPart[] } | undefined

  constructor(ports: ReviewPorts, id: string) {
    this.id = id
    this.#ports = ports
    this.#previews = new Previews({
      make: (wording) => ports.runner.preview(id, wording),
      post: ports.post,
    })
    this.#feed = new PanelFeed(ports, { id, fold: () => this.#fold, review: () => this.#review() })
    this.#following = ports.store.follow(
      id,
      (events, fromStart, more) => this.#take(events, fromStart, more),
      (error) => this.#feed.fail(toFailure(error)),
    )
  }

  dispose(): void {
    this.#following.dispose()
    this.#feed.dispose()
  }

  #take(events: readonly Event[], fromStart: boolean, more: boolean): void {
    if (fromStart) {
      this.#fold = new ReviewFold()
      this.#feed.restart()
    }
    this.#fold.add(events)
    // Wherever it was asked: what comes back comes back whole.
    if (this.#feed.hasRead && events.some(({ type }) => type === 'patch.restored')) this.#dropped = undefined
    if (!more) this.#feed.caughtUp()
  }

  /** The tree that the patch on show is made against. */
  get tree(): string | undefined {
    return this.#fold.tree
  }

  get session(): SessionView | undefined {
    return this.#fold.session
  }

  /** What the panel said: whatever is not in the schema, or comes before the log is read, is not heard. */
  async receive(said: unknown): Promise<void> {
    const message = MessageToHost.safeParse(said)
    if (!message.success || !(this.#feed.hasRead || message.data.type === 'ready')) return
    try {
      await this.#act(message.data)
    } catch (error) {
      const failure = toFailure(error)
      // Who went away from a question knows that they did.
      if (failure.code !== 'cancelled') this.#ports.post({ type: 'failed', failure })
    }
  }

  async #act(message: MessageToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.#dropped ??= message.dropped
        return this.#feed.all()
      case 'approve':
        return this.#approve(message)
      case 'showPreview':
        this.#onShow(message.digest)
        return this.#previews.ask({ digest: message.digest, wording: message.wording ?? {} })
      case 'reject':
        return this.#ask('reject', { do: 'reject', session: this.id, ...optional('reason', message.reason) })
      case 'retry':
        return this.#retry(message.note)
      case 'goOn':
        return (await this.#ports.editor.key()) ? this.#retry(undefined) : undefined
      case 'checkOut':
        return this.#checkOut(message.digest)
      case 'mend':
        return this.#ports.editor.mend(message.remedy)
      case 'showEarlier':
        return this.#showEarlier()
      case 'cancel':
        return this.#while('cancel', async () => void (await this.#ports.runner.cancel(this.id)))
      case 'dropHunk':
      case 'keepHunk':
      case 'dropFile':
      case 'keepFile':
        return this.#choose(message)
      case 'verifyDropped':
        return this.#verifyDropped(message.digest)
      case 'takeBack':
        return this.#takeBack(message.digest)
      case 'showTurns':
        return this.#feed.otherTurns()
      case 'showTurn':
        return this.#feed.turn(message.index)
      case 'showExchange':
        return this.#feed.exchange(message.index)
      case 'showPast':
        return this.#feed.past()
      case 'showPastPatch':
        return this.#feed.pastPatch(message.digest)
      default:
        return this.#open(message)
    }
  }

  async #open(message: Extract<MessageToHost, { type: `open${string}` }>): Promise<void> {
    const { editor } = this.#ports
    switch (message.type) {
      case 'openFile':
        this.#fileOf(message.path)
        return editor.openFile(message.path, message.line)
      case 'openSite':
        if (!isSite(this.session?.why, message)) throw failures.noSuchFile(message.path)
        return editor.openBase(message.path, message.line)
      case 'openWarned':
        if (!isWarnedPlace(this.session?.warnings ?? [], message)) throw failures.noSuchFile(message.path)
        // A file that the change leaves alone is as it is on the base.
        return this.#isChanged(message.path)
          ? editor.openFile(message.path, message.line)
          : editor.openBase(message.path, message.line)
      case 'openDiff':
        this.#onShow(message.digest)
        return editor.openDiff(message.digest)
      case 'openLink':
        return editor.openLink(message.url, message.url === this.session?.pullRequest?.url)
      case 'openExchange': {
        const found = this.#fold.exchangeOf(message.index)
        return found === undefined ? undefined : editor.openExchange(found.title, found.digest)
      }
      case 'openLog':
        return editor.openLog(this.#stepOf(message.log), message.log)
      default:
        return assertNever(message)
    }
  }

  async #approve(message: Extract<MessageToHost, { type: 'approve' }>): Promise<void> {
    const { digest, acknowledged, withoutJudge = false, unverified = false, wording } = message
    const { baseCommit } = this.#onShow(digest)
    const said = { acknowledged: new Set(acknowledged), withoutJudge, unverified }
    const [blocker] = approvalBlockers(this.#review(), said)
    if (blocker !== undefined) throw failures.notApprovable(blocker)
    await this.#ask('approve', {
      do: 'publish',
      session: this.id,
      ...{ digest, baseCommit, acknowledged, withoutJudge, unverified },
      ...(wording === undefined ? {} : { wording }),
    })
  }

  async #retry(note: string | undefined): Promise<void> {
    await this.#while('retry', async () => {
      const request = { do: 'retry' as const, session: this.id, ...optional('note', note) }
      const { session } = await this.#ports.runner.ask(request)
      this.#ports.editor.openReview(session)
    })
  }

  async #checkOut(digest: string): Promise<void> {
    this.#onShow(digest)
    await this.#while('checkOut', async () => {
      await this.#ports.editor.openFolder(await this.#ports.runner.checkOut(this.id))
    })
  }

  #showEarlier(): void {
    const earlier = this.session?.task.retry?.of
    if (earlier !== undefined) this.#ports.editor.openReview(earlier)
  }

  #choose(
    message: Extract<MessageToHost, { type: 'dropHunk' | 'keepHunk' | 'dropFile' | 'keepFile' }>,
  ): void {
    const { digest } = this.#onShow(message.digest)
    this.#fileOf(message.path)
    if (!mayDrop(this.#review())) return
    const kept = this.session === undefined ? undefined : keptInDrop(this.session, message.path)
    if (message.type === 'dropFile' && kept === 'update') throw failures.keepsUpdate(message.path)
    if (message.type.startsWith('drop') && kept === 'written') throw failures.writtenAgain(message.path)
    const parts = this.#partsFor(digest)
    const part = { path: message.path, ...('hunk' in message ? { hunk: message.hunk } : {}) }
    const chosen = message.type === 'dropHunk' || message.type === 'dropFile' ? drop : keep
    this.#dropped = { digest, parts: chosen(parts, part) }
    this.#feed.flush()
  }

  async #verifyDropped(digest: string): Promise<void> {
    this.#onShow(digest)
    const dropped = [...this.#partsFor(digest)]
    if (dropped.length === 0 || !mayDrop(this.#review())) return
    await this.#ask('verify', { do: 'drop', session: this.id, digest, dropped })
  }

  async #takeBack(digest: string): Promise<void> {
    this.#onShow(digest)
    const { earlier } = this.#review()
    if (earlier === null || !mayDrop(this.#review())) return
    await this.#ask('restore', { do: 'restore', session: this.id, digest: earlier.digest })
  }

  #ask(pending: PendingRequest, request: RunRequest): Promise<void> {
    return this.#while(pending, async () => void (await this.#ports.runner.ask(request)))
  }

  /** One request at a time: a second one is not heard while the first has no answer. */
  async #while(pending: PendingRequest, work: () => Promise<void>): Promise<void> {
    if (this.#pending !== null) return
    this.#pending = pending
    this.#feed.flush()
    try {
      await work()
    } finally {
      this.#pending = null
      this.#feed.flush()
    }
  }

  #onShow(digest: string): NonNullable<SessionView['patch']> {
    const patch = this.session?.patch ?? null
    if (patch === null || patch.digest !== digest) throw failures.approvalVoid('the patch is another one now')
    return patch
  }

  #fileOf(path: string): void {
    if (!this.#isChanged(path)) throw failures.noSuchFile(path)
  }

  #isChanged(path: string): boolean {
    return this.session?.patch?.files.some((file) => file.path === path) === true
  }

  #stepOf(log: string): string {
    const reports = Object.entries(this.session?.reports ?? {})
    for (const [role, report] of reports) {
      const step = report.steps.find((other) => other.log === log)
      if (step !== undefined) return `${step.name}, ${role}`
    }
    throw failures.noSuchFile(log)
  }

  /** What the page handed back after a reload counts as far as it is about the patch. */
  #partsFor(digest: string): readonly DroppedPart[] {
    const { patch, outcome } = this.session ?? {}
    if (this.#dropped?.digest !== digest || outcome !== 'awaiting-review') return []
    const paths = new Set(patch?.files.map(({ path }) => path))
    return this.#dropped.parts.filter(({ path }) => paths.has(path)).reduce(drop, [])
  }

  #review(): ReviewView {
    const { session, settled, testMessages } = this.#fold
    if (session === undefined) throw failures.noSuchSession(this.id)
    const dropped = session.patch === null ? [] : [...this.#partsFor(session.patch.digest)]
    const pending = this.#pending
    return { session, settled, dropped, earlier: this.#earlier(), pending, testMessages: [...testMessages] }
  }

  #earlier(): ReviewView['earlier'] {
    const { earlier } = this.#fold
    if (earlier === undefined) return null
    const { patch, matrix, verdict } = earlier
    return { digest: patch.digest, approvable: matrix?.green === true && verdict?.decision !== 'veto' }
  }
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined || value.trim() === '' ? {} : ({ [name]: value } as Record<Name, string>)
}
