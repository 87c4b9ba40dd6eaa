import assert from 'node:assert/strict'
import { sessionView } from '../../../../src/contract/sessionView.ts'
import { confirmations } from '../../../../src/runner/commands/ask.ts'
import { commandContext } from '../../../support/commandContext.ts'
import { fixtureSessions } from '../../../support/panel/sessions.ts'

/** What is asked of a person who answers so, and what counts as said in the end. */
async function answered(name: string, answer: string, said?: Parameters<typeof confirmations>[3]) {
  const asked: string[] = []
  const ask = async (question: string): Promise<string> => {
    asked.push(question)
    return answer
  }
  const view = sessionView(fixtureSessions().get(name)?.events ?? [])
  return { asked, view, word: await confirmations(commandContext('/nowhere').context, ask, view, said) }
}

describe('a person at a terminal', () => {
  it('is asked for a judge that is missing, and nothing is said without a yes', async () => {
    const { asked, word } = await answered('not-judged', 'y')
    assert.deepEqual(asked.length, 1)
    assert.match(asked[0] ?? '', /No judge has looked at this patch\. Publish all the same\? \[y\/N\]/)
    assert.deepEqual(word, { acknowledge: [], withoutJudge: true, unverified: false })
    assert.equal((await answered('not-judged', '')).word, undefined)
  })

  it('is asked for each warning that the command line does not name', async () => {
    const all = await answered('warnings', 'yes')
    assert.equal(all.asked.length, 3)
    const [first = ''] = all.word?.acknowledge ?? []
    const rest = await answered('warnings', 'yes', { acknowledge: [first], withoutJudge: false })
    assert.equal(rest.asked.length, 2)
    assert.deepEqual(new Set(rest.word?.acknowledge), new Set(all.word?.acknowledge))
    const given = await answered('not-judged', 'no', { acknowledge: [], withoutJudge: true })
    assert.deepEqual([given.asked, given.word?.withoutJudge], [[], true])
  })
})
