import assert from 'node:assert/strict'
import semver from 'semver'
import { parseSpecifier, restyle, widen } from '../../../../../src/runner/ecosystems/npm/range.ts'

describe('range style', () => {
  const styles: readonly (readonly [range: string, version: string, expected: string])[] = [
    ['^1.2.3', '2.0.0', '^2.0.0'],
    ['~1.2.3', '2.5.1', '~2.5.1'],
    ['1.2.3', '2.0.0', '2.0.0'],
    ['=1.2.3', '2.0.0', '=2.0.0'],
    ['v1.2.3', '2.0.0', 'v2.0.0'],
    ['>=1.2.3', '2.0.0', '>=2.0.0'],
    ['^1', '2.3.4', '^2'],
    ['^1.2', '2.3.4', '^2.3'],
    ['1.x', '2.3.4', '2.x'],
    ['1.2.x', '2.3.4', '2.3.x'],
    ['1', '2.3.4', '2'],
    ['*', '2.0.0', '*'],
    ['', '2.0.0', ''],
    ['latest', '2.0.0', 'latest'],
    ['^1.0.0 || ^2.0.0', '3.1.0', '^1.0.0 || ^2.0.0 || ^3.1.0'],
    ['^1.0.0 || ^2.0.0', '2.1.0', '^1.0.0 || ^2.0.0'],
    ['>=1.0.0 <2.0.0', '3.0.0', '^3.0.0'],
    ['1.0.0 - 1.9.0', '3.0.0', '^3.0.0'],
    ['1.x', '2.0.0-beta.1', '^2.0.0-beta.1'],
    ['^1.2.3', '2.0.0-beta.1', '^2.0.0-beta.1'],
  ]
  for (const [range, version, expected] of styles)
    it(`moves "${range}" to ${version} as "${expected}"`, () => {
      assert.equal(restyle(range, version), expected)
      if (semver.validRange(expected) !== null) assert.ok(semver.satisfies(version, expected))
    })

  it('widens what peers allow', () => {
    assert.equal(widen('^17.0.0 || ^18.0.0', '19.1.0'), '^17.0.0 || ^18.0.0 || ^19.1.0')
    assert.equal(widen('>=17', '19.1.0'), '>=17')
  })

  it('takes aliases apart and leaves what is no registry', () => {
    assert.deepEqual(parseSpecifier('a', 'npm:@s/b@^1.0.0'), {
      name: '@s/b',
      prefix: 'npm:@s/b@',
      range: '^1.0.0',
    })
    assert.deepEqual(parseSpecifier('a', '^1.0.0'), { name: 'a', prefix: '', range: '^1.0.0' })
    for (const other of [
      'workspace:*',
      'file:../x',
      'git+ssh://git@example.com/x.git',
      'user/repo',
      'catalog:',
    ])
      assert.equal(parseSpecifier('a', other), undefined, other)
  })
})
