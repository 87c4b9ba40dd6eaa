import assert from 'node:assert/strict'
import { cp, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'

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

  const set = resolve(import.meta.dirname, '../../../evals/context')
  // Each release of the set is read anew here: a build server takes every third case.
  const isBrief = process.env.DRYDOCK_TEST_BRIEF === '1'
  const measure = async (folder: string): Promise<Printed> => {
    const { code, stdout, stderr } = await drydock.run(['eval', 'context', folder, '--json'])
    assert.equal(code, 0, stderr)
    return JSON.parse(stdout) as Printed
  }

  it('is most of it in every third case', async function () {
    if (!isBrief) return this.skip()
    await using some = await temporaryFolder()
    const names = (await readdir(set, { withFileTypes: true })).filter((one) => one.isDirectory())
    for (const { name } of names.filter((_, at) => at % 3 === 0))
      await cp(join(set, name), join(some.path, name), { recursive: true })
    const { cases, recall, precision } = await measure(some.path)
    assert.ok(cases >= 20)
    assert.ok(recall >= 0.85 && precision >= 0.5, `recall ${recall}, precision ${precision}`)
  })

  it('is nine lines of ten, and half of what it names is touched, over the whole set', async function () {
    if (isBrief) return this.skip()
    const { cases, recall, precision, requestBytes, results } = await measure(set)
    assert.ok(cases >= 80)
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
