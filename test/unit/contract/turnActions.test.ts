import assert from 'node:assert/strict'
import { actionOf, actionsOf, type ToolCall } from '../../../src/contract/turnActions.ts'

function call(name: string, input: object, text?: string, isError = false): ToolCall {
  return { name, input: JSON.stringify(input), ...(text === undefined ? {} : { result: { isError, text } }) }
}

/** A call, and what a person reads of it. */
const table: readonly (readonly [ToolCall, string])[] = [
  [call('Read', { path: 'a.js' }, '1\tx'), 'Read a.js'],
  [call('Read', { path: 'a.js' }), 'Reading a.js'],
  [call('Read', { path: 'a.js' }, 'no such file', true), 'Could not read a.js'],
  [
    call('Edit', { path: 'a.js', old: 'one\ntwo\nthree', new: 'one\n2\n2b\nthree' }, 'ok'),
    'Edited a.js +2 −1',
  ],
  [call('Edit', { path: 'a.js', old: '', new: 'a\nb\n', create: true }, 'ok'), 'Made a.js +2 −0'],
  [call('Edit', { path: 'a.js', old: 'x', new: 'y', replaceAll: true }, 'ok'), 'Edited a.js +1 −1 each time'],
  [call('Edit', { path: 'a.js', delete: true }, 'ok'), 'Deleted a.js'],
  [call('Edit', { path: 'a.js', moveTo: 'b.js' }, 'ok'), 'Moved a.js to b.js'],
  [call('Edit', { path: 'a.js', old: 'x', new: 'y' }, 'not once', true), 'Could not edit a.js'],
  [
    call('Bash', { command: 'rg -n "uuid(" src -A 3' }, 'a.js:1:uuid(\n--\nb.js:2:uuid('),
    'Searched `uuid(`: 2 hits',
  ],
  [call('Bash', { command: "rg -g '*.ts' -e 'x y' src" }, '[no match]'), 'Searched `x y`: nothing'],
  [call('Bash', { command: 'rg --files src' }, 'a.js'), 'Ran rg --files src'],
  [call('Bash', { command: 'wc -l a.js' }, '3'), 'Ran wc -l a.js'],
  [call('Git', { args: ['diff', '--stat'] }, ''), 'Ran git diff --stat'],
  [
    call('Verify', {}, 'Everything that passed before passes.\n\ntest: passed'),
    'Verified: everything that passed before passes',
  ],
  [
    call('Verify', {}, 'Not yet.\n\ntest: failed\n\n2 tests broken: a; b.'),
    'Verified: test: failed; 2 tests fail',
  ],
  [call('Verify', {}, 'Not yet.\n\nbuild: failed, test: failed'), 'Verified: build: failed, test: failed'],
  [call('Verify', {}), 'Verifying'],
  [call('GiveUp', { reason: 'no' }, 'ok'), 'Gave up'],
  [{ name: 'Read', input: 'no JSON', result: { isError: false, text: '' } }, 'Read'],
]

describe('what a tool call comes to', () => {
  for (const [one, text] of table) it(`is "${text}"`, () => assert.equal(actionOf(one).text, text))

  it('is one action for several files that are read one after the other', () => {
    const read = (path: string) => call('Read', { path }, '1\tx')
    const calls = [read('a'), read('b'), read('a'), call('Verify', {}), read('c')]
    assert.deepEqual(
      actionsOf(calls).map(({ text, status }) => [text, status]),
      [
        ['Read 2 files', 'ok'],
        ['Verifying', 'running'],
        ['Read c', 'ok'],
      ],
    )
  })

  it('has the lines of an edit', () => {
    assert.deepEqual(actionOf(call('Edit', { path: 'a', old: 'x\ny', new: 'x\nz' }, 'ok')).diff, [
      { kind: 'context', text: 'x' },
      { kind: 'deleted', text: 'y' },
      { kind: 'added', text: 'z' },
    ])
  })
})
