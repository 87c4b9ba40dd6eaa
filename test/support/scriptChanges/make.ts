import assert from 'node:assert/strict'
import type { Files } from '../patches.ts'

/** Files before and after. */
export type Pair = readonly [Files, Files]

export const manifest = (more: object) =>
  `${JSON.stringify({ name: 'x', scripts: { build: 'tsc', test: 'vitest run', lint: 'eslint .' }, dependencies: { 'left-pad': '^1.0.0' }, ...more }, undefined, 2)}\n`
export const suite = `import { describe, expect, it } from 'vitest'
import { parse } from '../src/index'

describe('parse', () => {
  it('reads one', () => expect(parse('a')).toEqual(['a']))
  it('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))
  it('reads tabs', () => {
    expect(parse('a\\tb')).toEqual(['a', 'b'])
  })
  it('refuses nothing', () => {
    expect(() => parse(undefined)).toThrow(TypeError)
  })
})
`
export const nodeSuite = `const assert = require('node:assert/strict')
const { test } = require('node:test')
const { add } = require('../src/add')
test('adds', () => {
  assert.equal(add(1, 2), 3)
  assert.deepEqual([add(0, 0)], [0])
})
test('throws', () => assert.throws(() => add(), /number/))
`
export const chai = `const { expect } = require('chai')
describe('add', () => {
  it('adds', () => { expect(add(1, 2)).to.equal(3) })
  it('rejects', async () => { await expect(p()).to.be.rejectedWith('x') })
})
`
export const [T, N, C] = ['test/index.test.ts', 'test/add.test.js', 'test/chai.test.js']
/** A change of one file, which must be one. */
export function changed(path: string, text: string) {
  return (change: (text: string) => string): Pair => {
    const after = change(text)
    assert.notEqual(after, text)
    return [{ [path]: text }, { [path]: after }]
  }
}
export const s = changed(T, suite)
export const n = changed(N, nodeSuite)
export const c = changed(C, chai)
export const file = (p: string, a: string, b: string): Pair => [{ [p]: a }, { [p]: b }]
export const add = (p: string, b: string): Pair => [{}, { [p]: b }]
