import assert from 'node:assert/strict'
import { isWarnedPlace, linkedWarning, placesText, testWish } from '../../../src/contract/warnedPlaces.ts'

const placesOf = (many: number) =>
  Array.from({ length: many }, (_, at) => ({ path: 'src/$&.js', line: at + 1 }))

describe('the places of a warning', () => {
  it('are named in its message, the first five of them', () => {
    assert.equal(placesText(placesOf(1)), 'src/$&.js:1')
    assert.equal(placesText(placesOf(2)), 'src/$&.js:1, src/$&.js:2')
    assert.match(placesText(placesOf(8)), /:5 and 3 more$/)
  })

  it('stand beside the message where they can be opened, twenty at most', () => {
    const places = placesOf(23)
    const message = `Nothing ran 23 lines: ${placesText(places)}. Look at them.`
    const linked = linkedWarning({ message, places })
    assert.equal(linked.text, 'Nothing ran 23 lines. Look at them.')
    assert.deepEqual([linked.places, linked.more], [places.slice(0, 20), 3])
  })

  it('leave a message alone that has none', () => {
    const message = 'a.js is generated: a.js:1.'
    assert.deepEqual(linkedWarning({ message }), { text: message, places: [], more: 0 })
  })

  it('are what a test may be asked for, where nothing ran them', () => {
    const places = placesOf(1)
    const one = testWish({ code: 'not-run:chalk', places })
    assert.match(one ?? '', /^No check runs this line: src\/\$&\.js:1\. Add tests that run it,/)
    assert.match(
      testWish({ code: 'repair-not-run', places: placesOf(7) }) ?? '',
      /these lines: .* and 2 more\./,
    )
    assert.equal(testWish({ code: 'may-not-run:chalk', places }), undefined)
    assert.equal(testWish({ code: 'not-run:.pnpmfile.cjs' }), undefined)
  })

  it('are the only ones that may be opened', () => {
    const warnings = [
      { code: 'one', message: '', severity: 'notice' as const },
      { code: 'two', message: '', severity: 'notice' as const, places: placesOf(2) },
    ]
    assert.equal(isWarnedPlace(warnings, { path: 'src/$&.js', line: 2 }), true)
    assert.equal(isWarnedPlace(warnings, { path: 'src/$&.js', line: 3 }), false)
    assert.equal(isWarnedPlace(warnings, { path: 'src/other.js', line: 2 }), false)
  })
})
