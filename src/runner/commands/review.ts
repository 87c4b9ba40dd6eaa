import type { SessionView } from '../../contract/sessionView.ts'
import { colouredDiff } from '../terminal/diff.ts'
import { patchText } from '../terminal/summary.ts'
import { oneLine } from '../terminal/text.ts'
import { type Ask, atTerminal, confirmations } from './ask.ts'
import type { CommandContext } from './context.ts'
import { nextStep } from './nextStep.ts'
import { paged } from './pager.ts'
import { publishSession } from './publish.ts'
import { rejectSession } from './reject.ts'

/** Asks the person at the terminal what becomes of a waiting session. No answer leaves it waiting. */
export async function askReviewer(context: CommandContext, view: SessionView): Promise<SessionView> {
  return atTerminal(context, (ask) => loop(context, view, ask))
}

async function loop(context: CommandContext, view: SessionView, ask: Ask): Promise<SessionView> {
  const { colors: c } = context
  for (;;) {
    const said = await ask(`\n${c.bold('Publish?')} [y]es, [d]iff, [r]eject, [l]ater (default): `)
    const answer = said.toLowerCase()
    if (answer === 'd' || answer === 'diff') {
      await paged(context, `${colouredDiff(await patchText(context, view), c)}\n`)
      continue
    }
    if (answer === 'r' || answer === 'reject') return rejectSession(context, view.id, await ask('Why? '))
    if (['', 'l', 'later', 'n', 'no'].includes(answer)) break
    if (answer !== 'y' && answer !== 'yes') {
      context.stdout.write('Answer y, d, r or l: nothing is published or rejected without one of them.\n')
      continue
    }
    const wish = await confirmations(context, ask, view)
    if (wish === undefined) break
    return publishSession(context, view.id, { ...wish, quiet: false })
  }
  context.stdout.write(`Left waiting. Next: ${oneLine(await nextStep(context, view), 1000)}\n`)
  return view
}
