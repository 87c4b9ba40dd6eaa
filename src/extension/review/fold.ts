import type { Event, EventBody } from '../../contract/events.ts'
import { type Moment, momentAfter, type PastPatch } from '../../contract/moments.ts'
import type { Report } from '../../contract/report.ts'
import { followTrail, noTrail, restoring } from '../../contract/reviewed.ts'
import type { TestMessage, TurnDetail, TurnHead } from '../../contract/reviewView.ts'
import { reduce, type SessionView } from '../../contract/sessionView.ts'
import { settledAfter } from '../../contract/settled.ts'
import { bounded } from '../../contract/text.ts'
import { actionsOf } from '../../contract/turnActions.ts'

type EventOf<Type extends EventBody['type']> = Extract<EventBody, { type: Type }>

interface Call {
  readonly id: string
  readonly name: string
  readonly input: string
  result?: { readonly isError: boolean; readonly text: string }
}

interface Turn {
  readonly index: number
  readonly attempt: number
  readonly turn: number
  readonly text: string
  readonly calls: readonly Call[]
  readonly costUsd: number
  readonly durationMs: number
  readonly exchange: string | undefined
}

const maxText = 20_000
const maxHeadText = 160
const maxAction = 160
const maxMessages = 200

/** A session's events, folded to what the review panel shows. */
export class ReviewFold {
  #session: SessionView | undefined
  #settled = false
  #tree: string | undefined
  #turns: Turn[] = []
  #byKey = new Map<string, Turn>()
  #changed = new Set<number>()
  #testMessages: readonly TestMessage[] = []
  #trail = noTrail
  #update: Report | undefined
  readonly #moments: Moment[] = []
  readonly #patches = new Map<string, PastPatch>()

  /** Undefined before the first event. */
  get session(): SessionView | undefined {
    return this.#session
  }

  /** Nothing happened to the patch since the session's last outcome. */
  get settled(): boolean {
    return this.#settled
  }

  /** Tree that the patch is made against. */
  get tree(): string | undefined {
    return this.#tree
  }

  /** Brings back the patch that the one on show was made from by dropping parts; undefined where there is none. */
  get earlier(): EventOf<'patch.restored'> | undefined {
    return this.#session === undefined ? undefined : restoring(this.#trail, this.#session)
  }

  get testMessages(): readonly TestMessage[] {
    return this.#testMessages
  }

  get turnCount(): number {
    return this.#turns.length
  }

  add(events: readonly Event[]): void {
    for (const event of events) {
      this.#session = reduce(this.#session, event)
      this.#trail = followTrail(this.#trail, this.#session, event)
      const moment = momentAfter(this.#session, event)
      if (moment !== undefined) this.#addMoment(moment, this.#session)
      this.#note(event)
    }
  }

  /** What the session was, moment by moment, and the patches it had. */
  get past(): { readonly moments: Moment[]; readonly patches: PastPatch[] } {
    return { moments: this.#moments, patches: [...this.#patches.values()] }
  }

  #addMoment(moment: Moment, { patch }: SessionView): void {
    this.#moments.push(moment)
    if (patch !== null && !this.#patches.has(patch.digest)) {
      const { digest, source, files } = patch
      this.#patches.set(digest, { digest, source, files })
    }
  }

  #note(event: Event): void {
    if (event.type === 'agent.turn') this.#addTurn(event)
    else if (event.type === 'agent.toolResult') this.#addResult(event)
    else if (event.type === 'report.made') this.#addReport(event.report)
    else if (event.type === 'patch.restored') this.#restore(event.reports.map(({ report }) => report))
    else if (event.type === 'snapshot.packaged') this.#tree = event.tree
    else if (event.type === 'base.taken') {
      this.#tree = event.tree
      for (const { report } of event.reports) this.#addReport(report)
    }
    this.#settled = settledAfter(this.#settled, event)
  }

  #addTurn(event: EventOf<'agent.turn'>): void {
    const { attempt, turn, costUsd, durationMs, exchange } = event
    const calls = event.toolCalls.map(({ id, name, input }) => ({
      id,
      name,
      input: bounded(input, maxText),
    }))
    const index = this.#turns.length
    const text = bounded(event.text, maxText)
    const made = { index, attempt, turn, text, calls, costUsd, durationMs, exchange }
    this.#turns.push(made)
    this.#byKey.set(`${attempt}/${turn}`, made)
    this.#changed.add(index)
  }

  #addResult({ attempt, turn, id, isError, text }: EventOf<'agent.toolResult'>): void {
    const found = this.#byKey.get(`${attempt}/${turn}`)
    const call = found?.calls.find((other) => other.id === id)
    if (found === undefined || call === undefined) return
    call.result = { isError, text: bounded(text, maxText) }
    this.#changed.add(found.index)
  }

  /** All at once: there is no state between the two patches that could last. */
  #restore(reports: readonly Report[]): void {
    for (const report of [...(this.#update === undefined ? [] : [this.#update]), ...reports])
      this.#addReport(report)
  }

  /** The last run but the base's is the one that judges the patch. */
  #addReport(report: Report): void {
    if (report.role === 'base' || report.role === 'advisory') return
    if (report.role === 'update') this.#update = report
    this.#testMessages = report.tests.flatMap(({ id, outcome, message }) =>
      outcome === 'failed' && message !== undefined ? [{ id, message: bounded(message, 2000) }] : [],
    )
    if (this.#testMessages.length > maxMessages) this.#testMessages = this.#testMessages.slice(0, maxMessages)
  }

  /** All turns count as changed: somebody has seen none of them. */
  markAllTurns(): void {
    this.#changed = new Set(this.#turns.keys())
  }

  get hasChangedTurns(): boolean {
    return this.#changed.size > 0
  }

  /** Of the turns that came or changed since they were last taken the first ones. */
  takeChangedTurns(most = Number.POSITIVE_INFINITY): TurnHead[] {
    const taken: TurnHead[] = []
    for (const index of this.#changed) {
      if (taken.length === most) break
      const turn = this.#turns[index]
      if (turn !== undefined) taken.push(head(turn))
      this.#changed.delete(index)
    }
    return taken
  }

  turn(index: number): TurnDetail | undefined {
    const found = this.#turns[index]
    if (found === undefined) return undefined
    const calls = found.calls.map(({ name, input, result }) => ({
      name,
      input,
      ...(result === undefined ? {} : { result }),
    }))
    return { index, text: found.text, kept: found.exchange !== undefined, calls }
  }

  /** Where the exact request and reply of a turn are kept. */
  exchangeOf(index: number): { readonly title: string; readonly digest: string } | undefined {
    const { attempt, turn, exchange } = this.#turns[index] ?? {}
    if (exchange === undefined) return undefined
    return { title: `Attempt ${attempt}, turn ${turn}: request and reply`, digest: exchange }
  }
}

function head({ index, attempt, turn, text, calls, costUsd, durationMs }: Turn): TurnHead {
  const [first = ''] = text.trimStart().split('\n', 1)
  const actions = actionsOf(calls).map(({ text, status }) => ({ text: shortened(text), status }))
  const line = first.length > maxHeadText ? `${first.slice(0, maxHeadText)}…` : first
  return { index, attempt, turn, text: line, actions, costUsd, durationMs }
}

function shortened(text: string): string {
  return text.length > maxAction ? `${text.slice(0, maxAction)}…` : text
}
