const test = require('node:test')
const { Linter } = require('eslint')
const assert = require('node:assert')
const noShout = require('../rules/no-shout')
const topLevel = require('../rules/top-level')
const unusedHarbour = require('../rules/unused-harbour')

function messages(name, rule, code) {
  const linter = new Linter({ configType: 'flat' })
  const config = [{ plugins: { own: { rules: { [name]: rule } } }, rules: { [`own/${name}`]: 'error' } }]
  return linter.verify(code, config).map(({ message }) => message)
}

test('no shout', () => assert.deepEqual(messages('no-shout', noShout, "f('a!!')"), ['one mark is enough']))
test('unused harbour', () =>
  assert.deepEqual(messages('unused-harbour', unusedHarbour, 'const harbour = 1'), ['harbour is not used']))
test('top level', () => assert.deepEqual(messages('top-level', topLevel, 'await 1'), ['no await at the top']))
