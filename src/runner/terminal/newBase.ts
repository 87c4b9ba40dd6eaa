import { failures } from '../../contract/failures.ts'
import { takenText } from '../../contract/newBase.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import type { CommandContext } from '../commands/context.ts'
import { oneLine } from './text.ts'

/** Bases that the change was brought onto, and the one that it was not; empty where the base stayed where it was. */
export function newBasePart(
  { id, bases = [], refusedBase }: SessionView,
  { colors: c }: Pick<CommandContext, 'colors'>,
): string {
  const taken = bases.map((base) => `${c.bold('Base')}  ${oneLine(takenText(base), 400)}`)
  if (refusedBase === undefined) return taken.join('\n')
  const { failure } = failures.baseMoved(id, refusedBase)
  const refused = `${c.bold('Base')}  ${c.yellow('!')} ${oneLine(failure.message, 600)}`
  return [...taken, refused].join('\n')
}
