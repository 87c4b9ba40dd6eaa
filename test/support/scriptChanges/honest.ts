import { add, c, file, manifest, n, type Pair, s, suite, T } from './make.ts'

const src = 'export function parse(text: string): string[] {\n  return text.split(/\\s/)\n}\n'
/** What a maintainer might do to tests and sources, by name: no rule may complain. */
export const honestScripts: Record<string, Pair> = {
  reformat: s((t) =>
    t.replace(
      "it('reads one', () => expect(parse('a')).toEqual(['a']))",
      "it('reads one', () =>\n    expect(parse('a')).toEqual([\n      'a',\n    ]))",
    ),
  ),
  quotes: s((t) => t.replaceAll("'", '"')),
  'rename fn': [
    { 'src/index.ts': src, [T]: suite },
    {
      'src/index.ts': src.replace('parse', 'parseAll'),
      [T]: suite.replaceAll('parse(', 'parseAll(').replace('{ parse }', '{ parseAll }'),
    },
  ],
  'toBe -> toEqual': s((t) => t.replace("toEqual(['a'])", "toStrictEqual(['a'])")),
  async: s((t) =>
    t.replace(
      "'reads tabs', () => {\n    expect(parse",
      "'reads tabs', async () => {\n    expect(await parse",
    ),
  ),
  rejects: s((t) =>
    t.replace(
      '() => {\n    expect(() => parse(undefined)).toThrow(TypeError)',
      'async () => {\n    await expect(parse(undefined)).rejects.toThrow(TypeError)',
    ),
  ),
  'comment skip': s((t) =>
    t.replace(
      "  it('reads two'",
      "  // Do not skip this one; only spaces count, see todo list.\n  it('reads two'",
    ),
  ),
  'options added': s((t) => t.replace("parse('a b')", "parse('a b', { skipEmpty: true })")),
  'option skip in call': s((t) => t.replace("parse('a b')", "parse('a b', { skip: 2 })")),
  'option only in call': s((t) => t.replace("parse('a b')", "parse('a b', { only: ['x'] })")),
  'option retries in client': s((t) => t.replace("parse('a b')", "parse('a b', { retries: 3 })")),
  'option timeout in client': s((t) => t.replace("parse('a b')", "parse('a b', { timeout: 300 })")),
  'mock third party': s((t) => t.replace("describe('parse'", "vi.mock('axios')\ndescribe('parse'")),
  'helper returns': s((t) =>
    t.replace(
      "describe('parse'",
      "function helper(a) {\n  if (!a) {\n    return\n  }\n  a()\n}\ndescribe('parse'",
    ),
  ),
  'new test with toBeDefined': s((t) =>
    t.replace("  it('reads two'", "  it('is', () => expect(parse).toBeDefined())\n  it('reads two'"),
  ),
  'new test file': add('test/new.test.ts', suite),
  'test helper': [
    { 'test/helpers/make.ts': 'export const make = () => new Client()\n' },
    { 'test/helpers/make.ts': 'export const make = () => new Client({})\n' },
  ],
  'assert to import': n((t) =>
    t.replace("const assert = require('node:assert/strict')", "import assert from 'node:assert/strict'"),
  ),
  'import path': s((t) => t.replace("'../src/index'", "'../src/index.js'")),
  'test.skip word in string': s((t) =>
    t.replace("parse('a b')).toEqual(['a', 'b'])", "parse('it.skip b')).toEqual(['it.skip', 'b'])"),
  ),
  'regex test': file(
    'src/a.ts',
    'const ok = x\n',
    "const test = (x: string) => /a/.test(x)\nconst ok = test('a')\n",
  ),
  'source skip fn': file('src/a.ts', 'const ok = x\n', 'items.skip(3)\nconst ok = stream.only(2)\n'),
  'source retry': file('src/a.ts', 'const ok = x\n', 'const ok = axios(x, { retries: 3, timeout: 5 })\n'),
  'source try': file('src/a.ts', 'run()\n', 'try { run() } catch (error) { throw new AppError(error) }\n'),
  'source log': file('src/a.ts', 'run()\n', 'try { run() } catch (error) { logger.error(error) }\n'),
  'cli exit': file(
    'src/cli.ts',
    'main()\n',
    'main().catch((error) => { console.error(error); process.exit(1) })\n',
  ),
  'cli exitCode': file('src/cli.ts', 'main()\n', 'process.exitCode = await main()\n'),
  listener: file('src/server.ts', 'main()\n', "process.on('SIGTERM', () => server.close())\n"),
  'NODE_ENV production': file(
    'src/a.ts',
    'run()\n',
    "if (process.env.NODE_ENV === 'production') compress()\nrun()\n",
  ),
  'version bump': [
    { 'package.json': manifest({}) },
    { 'package.json': manifest({ dependencies: { 'left-pad': '^2.0.0' } }) },
  ],
  'types added': [
    { 'package.json': manifest({}) },
    { 'package.json': manifest({ devDependencies: { '@types/left-pad': '^2.0.0' } }) },
  ],
  'type assertion as const': file('src/a.ts', 'f(x)\n', 'f(x as const)\n'),
  'type assertion as T': file('src/a.ts', 'f(x)\n', 'f(x as Options)\n'),
  unknown: file('src/a.ts', 'f(x: T)\n', 'f(x: unknown)\n'),
  'many in text': file('src/a.ts', 'f(x)\n', '// as many as any other\nf(x)\n'),
  'doc comment any': file('src/a.ts', 'f(x)\n', '/** Works as any function does. */\nf(x)\n'),
  'string as any': file('src/a.ts', 'f(x)\n', "f('same as any other')\n"),
  'moved test': [
    { 'test/index.test.ts': suite },
    { 'test/unit/index.test.ts': suite.replace('../src', '../../src') },
  ],
  'split test': [
    { 'test/index.test.ts': suite },
    {
      'test/index.test.ts': suite.replace(/ {2}it\('reads two.*\n/, ''),
      'test/two.test.ts':
        "import { expect, it } from 'vitest'\nimport { parse } from '../src/index'\nit('reads two', () => expect(parse('a b')).toEqual(['a', 'b']))\n",
    },
  ],
  'two merged': [
    {
      'test/a.test.ts': "import { expect, it } from 'vitest'\nit('a', () => expect(1 + 1).toBe(2))\n",
      'test/b.test.ts': "import { expect, it } from 'vitest'\nit('b', () => expect(1 + 2).toBe(3))\n",
    },
    {
      'test/a.test.ts':
        "import { expect, it } from 'vitest'\nit('a', () => expect(1 + 1).toBe(2))\nit('b', () => expect(1 + 2).toBe(3))\n",
    },
  ],
  'assert helper': n((t) =>
    t.replace(
      'assert.equal(add(1, 2), 3)\n  assert.deepEqual([add(0, 0)], [0])',
      'for (const [a, b, sum] of [[1, 2, 3], [0, 0, 0]]) {\n    assert.equal(add(a, b), sum)\n  }\n  assert.equal(add(2, 2), 4)',
    ),
  ),
  'chai upgrade': c((t) => t.replace("const { expect } = require('chai')", "import { expect } from 'chai'")),
  sinon: c((t) =>
    t.replace('{ expect(add(1, 2))', "{ const stub = sinon.stub(api, 'get').returns(1); expect(add(1, 2))"),
  ),
  'fake timers': s((t) =>
    t.replace("describe('parse'", "beforeEach(() => vi.useFakeTimers())\ndescribe('parse'"),
  ),
  'fixture input new': add('test/fixtures/new-input.json', '{}\n'),
  CHANGELOG: file('CHANGELOG.md', '# a\n', '# a\n- skip it.only @ts-ignore\n'),
  ternary: file('src/a.ts', 'const x = a\n', 'const x = off ? warn : rules\n'),
  'retry loop': file('src/a.ts', 'const x = a\n', 'for (let retry = 0; retry < 3; retry += 1) await go()\n'),
  'test title only': s((t) =>
    t.replace(
      "  it('reads two'",
      "  it('skips only todo', () => expect(parse('x')).toEqual(['x']))\n  it('reads two'",
    ),
  ),
  eq: s((t) => t.replace("toEqual(['a']))", "toEqual(['a', '']))")),
  'test timeouts for setTimeout': s((t) =>
    t.replace(
      "    expect(parse('a\\tb'))",
      "    await new Promise((r) => setTimeout(r, 5))\n    expect(parse('a\\tb'))",
    ),
  ),
}
