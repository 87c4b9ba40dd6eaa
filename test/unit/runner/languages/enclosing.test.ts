import assert from 'node:assert/strict'
import { functionAt } from '../../../../src/runner/languages/javascript/enclosing.ts'
import { syntaxOf } from '../../../../src/runner/languages/javascript/syntax.ts'

function at(text: string): string | undefined {
  const syntax = syntaxOf('a.js', text)
  assert.ok(syntax !== undefined)
  return functionAt(syntax, text.indexOf('here'))
}

describe('the function around a place', () => {
  const named: readonly (readonly [code: string, name: string | undefined])[] = [
    ['here()', undefined],
    ['function a() { here() }', 'a'],
    ['const a = () => here()', 'a'],
    ['const a = function b() { here() }', 'b'],
    ['let a; a = () => here()', 'a'],
    ['exports.a = function () { here() }', 'a'],
    ['const o = { a() { here() } }', 'a'],
    ['const o = { a: () => here() }', 'a'],
    ['class C { a() { here() } }', 'a'],
    ['class C { a = () => here() }', 'a'],
    ['class C { #a() { here() } }', '#a'],
    ['class C { get a() { return here() } }', 'get a'],
    ['list.map(() => here())', ''],
    ['const o = { [key]() { here() } }', ''],
    ['function a() { return list.map((one) => here(one)) }', ''],
    ['function a() { function b() {} here() }', 'a'],
  ]
  for (const [code, name] of named)
    it(`of \`${code}\` is ${name === undefined ? 'none' : name === '' ? 'one without a name' : name}`, () => {
      assert.equal(at(code), name)
    })
})
