import assert from 'node:assert/strict'
import fc from 'fast-check'
import { TestResult } from '../../../../../src/contract/report.ts'
import { npmResults, unnamedParts } from '../../../../../src/runner/ecosystems/npm/results.ts'

const none = new Map<string, Buffer>()
const filesOf = (...lines: readonly object[]) =>
  new Map([['1.jsonl', Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))]])
const named = (log: string, files: ReadonlyMap<string, Buffer> = none) =>
  (npmResults(files, log) ?? []).map(({ id, outcome }) => `${id} ${outcome}`)
const line = { suite: [], title: 'one and one', outcome: 'passed', durationMs: 1 }

const flat = `TAP version 13
# one and one
ok 1 should be strictly equal
ok 2 again
# nothing
not ok 3 should be strictly equal
  ---
    operator: equal
  ...
1..3
# tests 3
# pass  2
# fail  1
`

describe('tests that a log names', () => {
  it('are the comments of a flat document, with their assertions together', () => {
    assert.deepEqual(named(`> demo@1.0.0 test\n> node test.js\n\n${flat}`), [
      'nothing failed',
      'one and one passed',
    ])
  })

  it('are the assertions where there is no comment', () => {
    const log = 'TAP version 13\nok 1 outer > adds\nok 2 outer > waits # SKIP\n1..2\n# pass 1\n'
    assert.deepEqual(named(log), ['outer > adds passed', 'outer > waits skipped'])
  })

  it('are the innermost subtests, by file', () => {
    const log = `TAP version 14
# Subtest: test/a.js
    # Subtest: outer
        # Subtest: inner
            ok 1 - equal
            1..1
        ok 1 - inner # time=3.5ms
        1..1
    ok 1 - outer # time=4ms
    ok 2 - later # TODO
    1..2
ok 1 - test/a.js # time=40ms
1..1
# { total: 1, pass: 1 }
`
    assert.deepEqual(named(log), ['test/a.js › later todo', 'test/a.js › outer › inner passed'])
  })

  it('fail with a file that ends in another way than its tests say', () => {
    const log = `TAP version 13
# Subtest: /workspace/test/a.js
    # Subtest: one
    ok 1 - one
    1..1
not ok 1 - /workspace/test/a.js
  ---
  exitCode: 7
  ...
1..1
`
    assert.deepEqual(named(log), ['test/a.js failed', 'test/a.js › one passed'])
  })

  it('are taken apart by package, however a task runner marks its lines', () => {
    const other = flat.replaceAll('one and one', 'two').split('\n')
    const marks: Readonly<Record<string, string>> = {
      '@demo/b:test: ': '@demo/b',
      'packages/b test: ': 'packages/b',
      '[b] ': 'b',
      '@demo/b: ': '@demo/b',
    }
    for (const [mark, label] of Object.entries(marks)) {
      const mixed = flat
        .split('\n')
        .flatMap((text, index) => [
          `@demo/a:test: ${text}`,
          ...(other[index] === undefined ? [] : [`${mark}${other[index]}`]),
        ])
      assert.deepEqual(
        named(mixed.join('\n')),
        [
          '@demo/a › nothing failed',
          '@demo/a › one and one passed',
          `${label} › nothing failed`,
          `${label} › two passed`,
        ].sort(),
      )
    }
    const npm = `> @demo/a@1.0.0 test\n> node a.js\n\n${flat}\n> @demo/b@1.0.0 test\n> node b.js\n\n${flat}`
    assert.deepEqual(named(npm), [
      '@demo/a › nothing failed',
      '@demo/a › one and one passed',
      '@demo/b › nothing failed',
      '@demo/b › one and one passed',
    ])
  })

  it('are not counted again where a reporter named them', () => {
    const files = filesOf({ ...line, file: '/workspace/test/a.js' })
    assert.deepEqual(named(flat, files), ['test/a.js › one and one passed'])
    const copy = `# drydock runs in /workspace/packages/a\n${flat}`
    assert.deepEqual(named(flat, new Map([['1.tap', Buffer.from(copy)]])), [
      'packages/a › nothing failed',
      'packages/a › one and one passed',
    ])
  })

  it('hold for any text: no throw, and what is named is a result', () => {
    const piece = fc.constantFrom(
      ...[
        'TAP version 13',
        '# a',
        '# Subtest: a',
        'ok 1 a',
        'not ok 2 - b # TODO',
        '  ---',
        '  ...',
        '1..2',
        '}',
      ],
      ...[
        '  x: !function "y"',
        '  x: !error',
        '  x: !re /(/',
        '  x: &a [*a, *a]',
        'Bail out!',
        '> a@1.0.0 test',
        '{',
      ],
    )
    const text = fc.array(
      fc.tuple(fc.constantFrom('', '    ', '        ', 'a:test: '), fc.oneof(piece, fc.string())),
      { maxLength: 30 },
    )
    fc.assert(
      fc.property(text, (lines) => {
        const log = ['TAP version 14', ...lines.map((parts) => parts.join('')), '1..1'].join('\n')
        for (const test of npmResults(none, log) ?? []) TestResult.parse(test)
      }),
    )
  })

  it('are none where the document breaks off, or there is none', () => {
    assert.deepEqual(named('TAP version 13\n# one\nok 1 yes\n'), [])
    assert.equal(npmResults(none, '1..1\nok 1 yes\n'), undefined)
  })
})

describe('names', () => {
  it('of one title in two packages do not hide each other', () => {
    const files = filesOf(
      { ...line, file: '/workspace/packages/a/x.test.js' },
      { part: '/workspace/packages/b', name: '@demo/b' },
    )
    const log = `> @demo/a@1.0.0 test\n> node --test\n\n> @demo/b@1.0.0 test\n> node b.js\n\n${flat}`
    assert.deepEqual(named(log, files), [
      'packages/a/x.test.js › one and one passed',
      'packages/b › nothing failed',
      'packages/b › one and one passed',
    ])
  })

  it('have the folder where the file is not known, and no path of the workspace', () => {
    const files = filesOf(
      { ...line, folder: '/workspace/packages/a' },
      { ...line, folder: '/workspace/packages/b' },
      { ...line, folder: '/workspace', title: 'reads /workspace/data.json' },
    )
    assert.deepEqual(named('', files), [
      'packages/a › one and one passed',
      'packages/b › one and one passed',
      'reads data.json passed',
    ])
  })
})

describe('parts without names', () => {
  const members = ['packages/a', 'packages/b', 'packages/c']
  const partsOf = (sure: readonly string[], ...lines: readonly object[]) => {
    const files = filesOf(...lines)
    return unnamedParts(files, npmResults(files) ?? [], { sure, members })
  }
  const test = { ...line, file: '/workspace/packages/a/test/x.js' }

  it('are the packages that ran and named nothing', () => {
    assert.deepEqual(partsOf(['packages/a', 'packages/b'], test), ['packages/b'])
    assert.deepEqual(
      partsOf([], test, { part: '/workspace/packages/a' }, { part: '/workspace/packages/c' }),
      ['packages/c'],
    )
  })

  it('are not those that did not run, nor what is no package of the project', () => {
    assert.deepEqual(partsOf([], test), [])
    assert.deepEqual(
      partsOf([], { part: '/workspace/fixtures/x' }, { part: '/tmp/x' }, { part: '/workspace' }),
      [],
    )
  })

  it('are known by the name that a log has, too', () => {
    const files = filesOf({ part: '/workspace/packages/b', name: '@demo/b' })
    const tests =
      npmResults(
        files,
        flat
          .split('\n')
          .map((text) => `@demo/b:test: ${text}`)
          .join('\n'),
      ) ?? []
    assert.deepEqual(unnamedParts(files, tests, { sure: [], members }), [])
  })

  it('are runners that name nothing, in their package', () => {
    assert.deepEqual(
      partsOf(
        [],
        test,
        { part: '/workspace', runner: 'karma' },
        { part: '/workspace/packages/b', runner: 'cypress' },
      ),
      ['karma', 'packages/b: cypress'],
    )
  })
})
