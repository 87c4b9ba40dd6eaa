import assert from 'node:assert/strict'
import { resolve } from 'node:path'
import { type Drydock, openDrydock } from '../../support/drydock.ts'

interface Measured {
  readonly name: string
  readonly kinds: readonly string[]
  readonly recall: number
}

interface Printed {
  readonly cases: number
  readonly recall: number
  readonly precision: number
  readonly requestBytes: { readonly median: number; readonly largest: number }
  readonly results: readonly Measured[]
}

describe('what the first message names of a known repair', () => {
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('is nine lines of ten, and half of what it names is touched, over the whole set', async () => {
    const set = resolve(import.meta.dirname, '../../../evals/context')
    const { code, stdout, stderr } = await drydock.run(['eval', 'context', set, '--json'])
    assert.equal(code, 0, stderr)
    const { cases, recall, precision, requestBytes, results } = JSON.parse(stdout) as Printed
    assert.ok(cases >= 40)
    assert.ok(recall >= 0.9, `recall ${recall}`)
    assert.ok(precision >= 0.5, `precision ${precision}`)
    assert.ok(requestBytes.median <= 9_000 && requestBytes.largest <= 16_000, JSON.stringify(requestBytes))
    const several = results.filter(({ kinds }) => kinds.includes('several-files'))
    assert.ok(several.length >= 15)
    const context = results.filter(({ kinds }) => kinds.includes('context-object'))
    const mean = context.reduce((sum, one) => sum + one.recall, 0) / context.length
    assert.ok(context.length >= 10 && mean >= 0.85, `${mean}`)
  })

  it('says what is no case', async () => {
    const { code, stderr } = await drydock.run(['eval', 'context', resolve(import.meta.dirname, 'none')])
    assert.equal(code, 2)
    assert.match(stderr, /cannot be read/)
  })
})
