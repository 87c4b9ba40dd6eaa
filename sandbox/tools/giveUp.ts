import { giveUp, reasonToGiveUp } from '../../src/contract/tools.ts'
import { NotPossible, type Tool } from './tool.ts'

/** Ends the attempt: the runner saw the call in the model's own reply, so that nothing here decides it. */
export function createGiveUp(): Tool {
  return {
    name: giveUp,
    async run(raw) {
      if (reasonToGiveUp(giveUp, raw) === undefined) throw new NotPossible('say the reason')
      return { text: 'The work ends here; your reason is its result.' }
    },
  }
}
