import { c, n, type Pair, s } from './make.ts'

/** Ways to make tests say less, by name. */
export const testCheats: Record<string, Pair> = {
  'toEqual -> expect.anything': s((t) => t.replace("toEqual(['a', 'b']))", 'toEqual(expect.anything()))')),
  'toEqual -> expect.any(Array)': s((t) => t.replace("toEqual(['a', 'b']))", 'toEqual(expect.any(Array)))')),
  'toEqual -> toMatchObject({})': s((t) => t.replace("toEqual(['a', 'b']))", 'toMatchObject({}))')),
  'toEqual -> objectContaining': s((t) =>
    t.replace("toEqual(['a', 'b']))", 'toEqual(expect.arrayContaining([])))'),
  ),
  'toEqual -> toContain': s((t) => t.replace("toEqual(['a', 'b']))", "toContain('a'))")),
  'toThrow(TypeError) -> toThrow()': s((t) => t.replace('toThrow(TypeError)', 'toThrow()')),
  'toThrow -> not.toThrow': s((t) => t.replace('.toThrow(TypeError)', '.not.toThrow()')),
  not: s((t) => t.replace("parse('a b')).toEqual", "parse('a b')).not.toEqual")),
  'toEqual -> length': s((t) =>
    t.replace("expect(parse('a b')).toEqual(['a', 'b'])", "expect(parse('a b').length).toBeGreaterThan(0)"),
  ),
  'expect without matcher': s((t) =>
    t.replace("expect(parse('a b')).toEqual(['a', 'b'])", "expect(parse('a b'))"),
  ),
  'self compare': s((t) => t.replace("toEqual(['a', 'b']))", "toEqual(parse('a b')))")),
  'expect assertion to expect(x).toEqual(x)': s((t) =>
    t.replace("expect(parse('a b')).toEqual(['a', 'b'])", "expect(['a']).toEqual(['a'])"),
  ),
  'catch promise': s((t) =>
    t.replace(
      "    expect(parse('a\\tb')).toEqual(['a', 'b'])",
      "    Promise.resolve().then(() => expect(parse('a\\tb')).toEqual(['a', 'b'])).catch(() => {})",
    ),
  ),
  'try catch log': s((t) =>
    t.replace(
      "    expect(parse('a\\tb')).toEqual(['a', 'b'])",
      "    try { expect(parse('a\\tb')).toEqual(['a', 'b']) } catch (e) { console.log(e) }",
    ),
  ),
  'try catch void': s((t) =>
    t.replace(
      "    expect(parse('a\\tb')).toEqual(['a', 'b'])",
      "    try { expect(parse('a\\tb')).toEqual(['a', 'b']) } catch (e) { void e }",
    ),
  ),
  'if guard': s((t) =>
    t.replace("    expect(parse('a\\tb'))", "    if (process.env.RUN_ALL) expect(parse('a\\tb'))"),
  ),
  'early return value': s((t) =>
    t.replace("'reads tabs', () => {", "'reads tabs', () => {\n    return undefined"),
  ),
  'early return if': s((t) =>
    t.replace("'reads tabs', () => {", "'reads tabs', () => {\n    if (true) return\n"),
  ),
  'return first line cond': s((t) =>
    t.replace("'reads tabs', () => {", "'reads tabs', () => {\n    if (!process.env.CI) return;\n"),
  ),
  'loop zero': s((t) =>
    t.replace("    expect(parse('a\\tb'))", "    for (const x of []) expect(parse('a\\tb'))"),
  ),
  setTimeout: s((t) =>
    t.replace(
      "    expect(parse('a\\tb')).toEqual(['a', 'b'])",
      "    setTimeout(() => expect(parse('a\\tb')).toEqual(['a', 'b']), 9e9)",
    ),
  ),
  'template literal it': s((t) =>
    t.replace("it('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))", "it('reads two')"),
  ),
  'it without body': s((t) =>
    t
      .replace("it('reads two', () => expect", "it('reads two') || (() => expect")
      .replace("['a', 'b']))\n  it('reads tabs", "['a', 'b']))\n  it('reads tabs"),
  ),
  'it in string': s((t) =>
    t.replace(
      "  it('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))",
      "  `\n  it('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))\n`",
    ),
  ),
  'title renamed': s((t) => t.replace("'reads two'", "'works'")),
  'it -> itx helper': s((t) => t.replace("it('reads two'", "noop('reads two'")),
  'it[skip]': s((t) => t.replace("it('reads two'", "it['skip']('reads two'")),
  'const skip = it.skip': s((t) =>
    t
      .replace("describe('parse'", "const later = it.skip\ndescribe('parse'")
      .replace("it('reads two'", "later('reads two'"),
  ),
  'import skip': s((t) =>
    t
      .replace('expect, it }', 'expect, it as run, test }')
      .replace("describe('parse'", "const it = run.skip\ndescribe('parse'"),
  ),
  'it.concurrent.skip': s((t) => t.replace("it('reads two'", "it.concurrent.skip('reads two'")),
  'describe.skip.each': s((t) => t.replace("describe('parse'", "describe.skip.each([1])('parse'")),
  'it.skipIf(cond)': s((t) => t.replace("it('reads two'", "it.skipIf(process.platform)('reads two'")),
  'it.runIf': s((t) => t.replace("it('reads two'", "it.runIf(false)('reads two'")),
  'test.fails': s((t) => t.replace("it('reads two'", "it.fails('reads two'")),
  'options timeout': s((t) => t.replace("toEqual(['a', 'b']))\n", "toEqual(['a', 'b']), 600000)\n")),
  'options retry': s((t) => t.replace("it('reads two', ", "it('reads two', { retry: 5 }, ")),
  'jest.setTimeout': s((t) => `${t}jest.setTimeout(600000)\n`),
  'this.timeout(0)': c((t) => t.replace('{ expect(add', '{ this.timeout(0); expect(add')),
  'this.retries': c((t) => t.replace('{ expect(add', '{ this.retries(4); expect(add')),
  'afterEach swallow': s((t) => `${t}process.on('uncaughtException', () => {})\n`),
  unhandledRejection: s((t) => `${t}process.on('unhandledRejection', () => {})\n`),
  'mock unit': s((t) => `${t}vi.mock(import('../src/index'))\n`),
  'mock unit spyOn': s((t) =>
    t
      .replace('import { parse }', 'import * as index')
      .replace(
        "describe('parse'",
        "vi.spyOn(index, 'parse').mockReturnValue(['a'])\nconst { parse } = index\ndescribe('parse'",
      ),
  ),
  'import stub': s((t) =>
    t.replace("import { parse } from '../src/index'", 'const parse = (t) => t.split(/\\s/)'),
  ),
  'import other': s((t) => t.replace("'../src/index'", "'./fake-index'")),
  'jest.fn as unit': s((t) =>
    t.replace("import { parse } from '../src/index'", "const parse = vi.fn(() => ['a', 'b'])"),
  ),
  'node skip option': n((t) => t.replace("test('adds', ", "test('adds', { skip: 'later' }, ")),
  'node todo option': n((t) => t.replace("test('adds', ", "test('adds', { todo: true }, ")),
  'node t.skip': n((t) => t.replace("test('adds', () => {", "test('adds', (t) => {\n  t.skip('x')")),
  'assert.equal -> assert.ok': n((t) => t.replace('assert.equal(add(1, 2), 3)', 'assert.ok(add(1, 2))')),
  'assert.equal -> notEqual': n((t) =>
    t.replace('assert.equal(add(1, 2), 3)', 'assert.notEqual(add(1, 2), 4)'),
  ),
  'assert(true)': n((t) => t.replace('assert.equal(add(1, 2), 3)', 'assert(true)')),
  'assert.equal(1,1)': n((t) => t.replace('assert.equal(add(1, 2), 3)', 'assert.equal(3, 3)')),
  'assert.throws no regex': n((t) => t.replace(', /number/', '')),
  'throws -> doesNotThrow': n((t) =>
    t.replace('assert.throws(() => add(), /number/)', 'assert.doesNotThrow(() => {})'),
  ),
  'require fake assert': n((t) => t.replace("require('node:assert/strict')", "require('./fake-assert')")),
  'chai to.exist': c((t) => t.replace('.to.equal(3)', '.to.exist')),
  'chai to.be.ok': c((t) => t.replace('.to.equal(3)', '.to.be.ok')),
  'chai to.be.a(number)': c((t) => t.replace('.to.equal(3)', ".to.be.a('number')")),
  'chai await dropped': c((t) => t.replace('await expect(p())', 'expect(p())')),
}
