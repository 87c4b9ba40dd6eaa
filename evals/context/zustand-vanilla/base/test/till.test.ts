import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { openTill } from '../src/till.ts'

describe('till', () => {
  let shown: string[]
  let ordered: string[][]
  let till: ReturnType<typeof openTill>

  beforeEach(() => {
    shown = []
    ordered = []
    till = openTill('Mia', { show: (text) => shown.push(text), order: (codes) => ordered.push(codes) })
  })

  it('shows the sum when it changes', () => {
    till.scan('100')
    till.note('no sugar')
    till.scan('200')
    assert.deepEqual(shown, ['0.00', '2.80', '6.30'])
  })

  it('orders what is new', () => {
    till.scan('100')
    till.scan('100')
    till.scan('101')
    assert.deepEqual(ordered, [['100'], ['100', '101']])
  })

  it('takes money', () => {
    till.scan('101')
    assert.equal(till.pay(), 240)
    till.scan('100')
    till.pay()
    assert.deepEqual(till.close(), { cashier: 'Mia', taken: 520 })
  })
})
