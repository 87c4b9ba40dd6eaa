import assert from 'node:assert/strict'
import { failures } from '../../../../src/contract/failures.ts'
import { namingSession } from '../../../../src/runner/terminal/namingSession.ts'

describe('what to do next', () => {
  const id = '20261130-040000-abc123'

  it('names the session in every command that is for it', () => {
    const { next } = failures.warningsNotAcknowledged(['no-test']).failure
    assert.equal(
      namingSession(next, id),
      `Look at each, then take them on with \`drydock publish ${id} --acknowledge no-test\`.`,
    )
    assert.equal(
      namingSession('`drydock retry ID --note TEXT`, or `drydock diff ID`.', id),
      `\`drydock retry ${id} --note TEXT\`, or \`drydock diff ${id}\`.`,
    )
  })

  it('leaves words alone that are no command of ours', () => {
    assert.equal(namingSession('the ID of `git show ID`', id), 'the ID of `git show ID`')
  })
})
