import assert from 'node:assert/strict'
import { DrydockError, type Failure } from '../../../src/contract/failure.ts'
import { failures } from '../../../src/contract/failures.ts'
import { nextInEditor, remediesOf, remedyTitles } from '../../../src/contract/inEditor.ts'

/** One failure of every factory, whatever it takes. */
function allFailures(): readonly (Failure & { readonly factory: string })[] {
  return Object.entries(failures).flatMap(([factory, make]) => {
    const given = [
      ['it', 'it', 'it', 'it'],
      [['it'], 'it', 'it'],
      ['it', ['it'], 'it'],
      ['it', 'it', ['it'], 'it'],
      ['it', 1, 'it'],
      ['it', { code: 'model-unavailable', message: 'it' }],
      ['it', { branch: 'it', from: 'it', to: 'it', digest: 'it', kind: 'red', reasons: ['it'] }],
    ]
    for (const values of given) {
      try {
        const made: unknown = (make as (...values: unknown[]) => unknown)(...values)
        if (made instanceof DrydockError && typeof made.failure.code === 'string')
          return [{ ...made.failure, factory }]
      } catch {} // it takes something else
    }
    return []
  })
}

describe('failures in an editor', () => {
  const all = allFailures()

  it('speaks of no command line, no flag and no shell', () => {
    assert.ok(
      all.length >= Object.keys(failures).length - 4,
      `${all.length} of ${Object.keys(failures).length}`,
    )
    for (const failure of all) {
      const next = nextInEditor(failure)
      assert.doesNotMatch(next, /`drydock|git init|npm run setup|--repo|\s--[a-z]/, failure.factory)
      assert.ok(next.length > 1, failure.factory)
    }
  })

  it('keeps what a failure says where it is no terminal’s', () => {
    const { failure } = failures.emptyRepository('/code/web')
    assert.equal(nextInEditor(failure), failure.next)
  })

  it('has a button for what a click can mend', () => {
    assert.deepEqual(
      remediesOf('not-a-repository').map((one) => remedyTitles[one]),
      ['Open Folder', 'Initialize Repository'],
    )
    assert.deepEqual(remediesOf('repair-needs-key'), ['setKey'])
    assert.deepEqual(remediesOf('engine-not-found'), ['installEngine', 'doctor'])
    assert.deepEqual(remediesOf('budget-exceeded'), [])
  })
})
