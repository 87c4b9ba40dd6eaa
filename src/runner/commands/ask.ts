import { createInterface } from 'node:readline/promises'
import { lacksJudge, needsWord, toAcknowledge } from '../../contract/approval.ts'
import { doubt } from '../../contract/proof.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { oneLine } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'

export type Ask = (question: string) => Promise<string>

/** Asks the person at the terminal; no answer is an empty one. */
export async function atTerminal<T>(context: CommandContext, work: (ask: Ask) => Promise<T>): Promise<T> {
  const terminal = createInterface({ input: context.stdin, output: context.stdout })
  try {
    return await work(async (question) =>
      (await terminal.question(question, { signal: context.signal }).catch(() => '')).trim(),
    )
  } finally {
    terminal.close()
  }
}

export async function confirms(
  { colors: c, stdout }: CommandContext,
  ask: Ask,
  question: string,
): Promise<boolean> {
  for (;;) {
    const answer = (await ask(`${c.yellow('!')} ${question} [y/N] `)).toLowerCase()
    if (['y', 'yes'].includes(answer)) return true
    if (['', 'n', 'no'].includes(answer)) return false
    stdout.write('Answer y or n.\n')
  }
}

export function confirmsUnverified(
  context: CommandContext,
  ask: Ask,
  { matrix }: SessionView,
): Promise<boolean> {
  const what = matrix?.verified === true ? '' : 'This session is not verified: '
  return confirms(context, ask, `${what}${oneLine(doubt(matrix), 300)} Publish all the same?`)
}

/** What a person says beside the patch itself. */
export interface Word {
  readonly acknowledge: readonly string[]
  readonly withoutJudge: boolean
  readonly unverified: boolean
}

/** One question for each thing that nobody may wave through and that is not said yet; undefined where one is answered with no. */
export async function confirmations(
  context: CommandContext,
  ask: Ask,
  view: SessionView,
  said: Pick<Word, 'acknowledge' | 'withoutJudge'> = { acknowledge: [], withoutJudge: false },
): Promise<Word | undefined> {
  const yes = (question: string): Promise<boolean> => confirms(context, ask, question)
  const acknowledge = [...said.acknowledge]
  for (const { code, message } of toAcknowledge(view).filter((one) => !acknowledge.includes(one.code))) {
    if (!(await yes(`${oneLine(message, 200)} Acknowledge?`))) return undefined
    acknowledge.push(code)
  }
  const unverified = needsWord(view)
  if (unverified && !(await confirmsUnverified(context, ask, view))) return undefined
  const unjudged = lacksJudge(view) && !said.withoutJudge
  if (unjudged && !(await yes('No judge has looked at this patch. Publish all the same?'))) return undefined
  return { acknowledge, unverified, withoutJudge: said.withoutJudge || unjudged }
}
