import assert from 'node:assert'
import test from 'node:test'
import { History } from '../src/history.js'
import { leave } from '../src/leave.js'
import { arrive, empty } from '../src/state.js'

test('comes and goes', () => {
  const one = arrive(empty, 'Gorch', 3)
  assert.equal(one.berths.get(3), 'Gorch')
  assert.deepEqual(leave(one, 3).log, ['Gorch in', 'Gorch out'])
})

test('undoes', () => {
  const history = new History()
  const next = history.change(empty, (draft) => void draft.log.push('x'))
  assert.deepEqual(history.undo(next).log, [])
})
