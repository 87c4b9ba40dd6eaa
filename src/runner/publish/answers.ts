import { accountsOf } from '../../contract/account.ts'
import { standing } from '../../contract/proof.ts'
import { type ReviewThread, threadName } from '../../contract/reviewThread.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { Emit } from '../../store/emit.ts'
import { type Host, HostRefusal } from '../hosts/host.ts'
import type { Kept } from '../hosts/kept.ts'
import { answerMark } from '../hosts/threads.ts'
import { codeBlock, inlineCode } from './markdown.ts'

export interface AnswersContext {
  readonly view: SessionView
  readonly host: Host
  readonly number: number
  readonly emit: Emit
  /** The commit that the threads are answered with, and what it changes against the branch as it was before. */
  readonly commit: string
  readonly changed: readonly string[]
}

/** Nothing is remembered of what is asked here. */
const nothingKept: Kept = { get: () => undefined, put: () => undefined, save: async () => undefined }

/**
 * Answers each thread that the session took up and nobody has answered by now: a second try answers none twice. What
 * the host refuses is said and keeps no other answer back.
 */
export async function answerThreads(context: AnswersContext): Promise<readonly string[]> {
  const { view, host, number } = context
  const threads = view.task.threads ?? []
  if (threads.length === 0) return []
  const notes: string[] = []
  try {
    const { open } = await host.threads(number, nothingKept)
    for (const [index, thread] of threads.entries()) {
      if (open.some(({ id }) => id === thread.id)) notes.push(...(await answerOne(context, thread, index)))
    }
  } catch (error) {
    notes.push(refusedNote(error, 'Its threads were not answered'))
  }
  return notes
}

async function answerOne(
  context: AnswersContext,
  thread: ReviewThread,
  index: number,
): Promise<readonly string[]> {
  const { host, number, emit, changed } = context
  const touches = thread.path === undefined ? changed.length > 0 : changed.includes(thread.path)
  try {
    const url = await host.answer(number, thread, answerText(context, thread, index, touches))
    emit({
      ...{ type: 'thread.answered', thread: thread.id, changed: touches },
      ...(url === undefined ? {} : { url }),
    })
    return []
  } catch (error) {
    return [refusedNote(error, `${threadName(index)} was not answered`)]
  }
}

function refusedNote(error: unknown, what: string): string {
  if (error instanceof HostRefusal) return `${what}: the host refused it (${error.trouble.kind}).`
  throw error
}

/** What is known of it, then what the agent says; what cannot be told is said. */
export function answerText(
  { view, commit, changed }: Pick<AnswersContext, 'view' | 'commit' | 'changed'>,
  { id, path, author, last, text }: ReviewThread,
  index: number,
  touches: boolean,
): string {
  const at = inlineCode(commit.slice(0, 12))
  const what = path === undefined ? 'The change' : inlineCode(path)
  const files = changed.length === 1 ? '1 file' : `${changed.length} files`
  const fact = touches
    ? path === undefined
      ? `${at} changes ${files}.`
      : `${what} is changed by ${at}.`
    : changed.length === 0
      ? 'Nothing was changed for it: a person has to look.'
      : `${what} is not changed by ${at}: a person has to look.`
  const said = wordOf(view, index)
  const agent =
    said === undefined
      ? 'The agent said nothing of this thread.'
      : `The agent says of it, unchecked:\n\n${codeBlock(said, 2_000)}`
  // Below the request nothing shows what is answered.
  const quoted = path === undefined ? [`To ${inlineCode(author)}: ${inlineCode(text)}`] : []
  return [...quoted, `${fact} ${proof(view)}`, agent, answerMark(id, last)].join('\n\n')
}

function proof({ matrix, verdict }: SessionView): string {
  const state = matrix === null ? 'not verified' : standing(matrix)
  const checked = {
    tests: 'Verified: no check or test that passed before fails now',
    steps: 'Verified without a test: no test that passed before ran again',
    red: 'The checks are not green',
    'not verified': 'Not verified',
  }[state]
  return `${checked}; ${verdict?.decision === 'approve' ? 'the judge approves' : 'no judge approved it'}.`
}

/** `T2: done so` of the last account: from its name to the next thread's. */
function wordOf({ attempts }: SessionView, index: number): string | undefined {
  const text = accountsOf(attempts).at(-1)?.text ?? ''
  const name = new RegExp(`^[^\\p{L}\\p{N}\\n]*${threadName(index)}[^\\p{L}\\p{N}\\n]+(?=\\S)`, 'mu')
  const found = name.exec(text)
  if (found === null) return undefined
  const rest = text.slice(found.index + found[0].length)
  const next = /^[^\p{L}\p{N}\n]*T\d+[^\p{L}\p{N}\n]/mu.exec(rest)
  const word = (next === null ? rest : rest.slice(0, next.index)).split(/\n\s*\n/)[0]?.trim()
  return word === '' ? undefined : word
}
