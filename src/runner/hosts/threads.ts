import { mostThreadText, type ReviewThread } from '../../contract/reviewThread.ts'
import { bounded } from '../../contract/text.ts'

/** A comment as a host has it. */
export interface Spoken {
  /** The thread that it stands in. */
  readonly thread: string
  /** Grows with time within the thread's host. */
  readonly number: number
  readonly author: string
  /** Whether they may write to the repository; a bot may not, whatever it may. */
  readonly may: boolean
  /** By the account that opened the request. */
  readonly own: boolean
  readonly bot: boolean
  readonly path?: string | undefined
  readonly line?: number | undefined
  readonly text: string
}

/** Somebody whose words count for nothing here. */
export interface Stranger {
  readonly author: string
  readonly path?: string
}

export interface Threads {
  /** Unanswered, the oldest first. */
  readonly open: readonly ReviewThread[]
  readonly others: readonly Stranger[]
  /** Sentences: what could not be asked. */
  readonly notes: readonly string[]
}

/** Stands at the end of every answer of ours, seen by nobody: which words of which thread it answers. */
export function answerMark(thread: string, last: number): string {
  return `<!-- drydock: answer to ${thread} up to ${last} -->`
}

/** The last of an answer: what it quotes stands before it, and marks nothing. */
const mark = /<!-- drydock: answer to (\S+) up to (\d+) -->\s*$/

/** The threads of a request that nobody has answered; a mark counts where whoever may write, or opened it, has set it. */
export function threadsOf(
  spoken: readonly Spoken[],
  isResolved: (thread: string) => boolean = () => false,
): Pick<Threads, 'open' | 'others'> {
  const answered = answersIn(spoken)
  const words = spoken.filter(({ may, own, text }) => may && !own && text.trim() !== '' && !mark.test(text))
  const ids = [...new Set(words.map(({ thread }) => thread))]
  const open = ids.flatMap((id) => {
    const said = words.filter(({ thread }) => thread === id)
    const last = said.at(-1)
    if (last === undefined || isResolved(id) || (answered.get(id) ?? -1) >= last.number) return []
    return [threadOf(id, said, last)]
  })
  return { open: open.toSorted((a, b) => a.last - b.last), others: strangersIn(spoken) }
}

function answersIn(spoken: readonly Spoken[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { may, own, text } of spoken) {
    const [, thread, last] = mark.exec(text) ?? []
    if (thread === undefined || !(may || own)) continue
    found.set(thread, Math.max(found.get(thread) ?? -1, Number(last)))
  }
  return found
}

function threadOf(id: string, said: readonly Spoken[], last: Spoken): ReviewThread {
  const text = said.length === 1 ? last.text : said.map((one) => `${one.author}: ${one.text}`).join('\n\n')
  const line = said.find((one) => one.line !== undefined)?.line
  return {
    ...{ id, author: last.author, text: bounded(text, mostThreadText), last: last.number },
    ...(last.path === undefined ? {} : { path: last.path }),
    ...(line === undefined ? {} : { line }),
  }
}

function strangersIn(spoken: readonly Spoken[]): readonly Stranger[] {
  const found = spoken.filter(({ may, own, bot, text }) => !may && !own && !bot && text.trim() !== '')
  return found
    .filter(
      ({ author, path }, at) => found.findIndex((one) => one.author === author && one.path === path) === at,
    )
    .map(({ author, path }) => ({ author, ...(path === undefined ? {} : { path }) }))
}
