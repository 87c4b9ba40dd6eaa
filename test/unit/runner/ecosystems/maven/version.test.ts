import assert from 'node:assert/strict'
import {
  changeOf,
  compareVersions,
  isPrerelease,
  latestFor,
  resolveWish,
} from '../../../../../src/runner/ecosystems/maven/version.ts'

/** As Maven 3.9.11 itself sorts them: a line a rank, equals on one line. */
const order = `
0.0-alpha
0
1.0-alpha-1 = 1.0-alpha1 = 1.0a1
1-alpha.1
1.0-beta
1.0-rc1
1.0-cr2
1.0-SNAPSHOT
1 = 1.0 = 1.0.0 = 1.0-ga = 1.0.Final
1-sp
1.0-sp1
1.0-abc = 1.0.abc
1abc2
1.0.Final-redhat-1
1.0x
1.0.0.X1
1.0.0-X2
1-0.1
1-1
1.0-1-1
1.0.1
1..2
1.0.2j
1.0.10
1.1
2.0.0.M1
2.0.0.RC1
2.0.0.RELEASE
5.0.0-M1
5.0.0
12.2.0.jre8
12.2.0.jre11
32.1.3-jre
33.0.0-android
33.0.0-jre
20030203.000550`
  .trim()
  .split('\n')
  .map((line) => line.split(' = '))

describe('Maven versions', () => {
  it('sorts as Maven does', () => {
    const wrong: string[] = []
    for (const [i, left] of order.entries())
      for (const [j, right] of order.entries())
        for (const a of left)
          for (const b of right)
            if (Math.sign(compareVersions(a, b)) !== Math.sign(i - j)) wrong.push(`${a} ${b}`)
    assert.deepEqual(wrong, [])
  })

  it('proposes releases of the same flavour, and never dates', () => {
    assert.equal(latestFor('32.1.3-jre', ['33.0.0-android', '33.0.0-jre', '32.1.3-jre']), '33.0.0-jre')
    assert.equal(latestFor('2.6', ['2.6', '2.16.1', '20030203.000550', '2.17-rc1']), '2.16.1')
    assert.equal(latestFor('5.0.0.RELEASE', ['5.0.0.RELEASE', '6.0.0', '6.1.0-M1']), '6.0.0')
    assert.equal(latestFor('12.2.0.jre8', ['12.2.0.jre8', '12.4.0.jre11', '12.4.0.jre8']), '12.4.0.jre8')
    assert.equal(latestFor('1.0-beta1', ['1.0-beta1', '1.0-beta2']), '1.0-beta2')
    assert.equal(latestFor('1.0', []), undefined)
  })

  it('resolves what a person asks for', () => {
    const known = ['1.9', '2.0', '2.10', '2.9', '3.0-rc1', '3.0']
    assert.equal(resolveWish('latest', '1.9', known), '3.0')
    assert.equal(resolveWish('2.x', '1.9', known), '2.10')
    assert.equal(resolveWish('2', '1.9', known), '2.10')
    assert.equal(resolveWish('3.0-rc1', '1.9', known), '3.0-rc1')
    assert.equal(resolveWish('4', '1.9', known), undefined)
  })

  it('tells prereleases and the size of a step', () => {
    const early = ['1.0-SNAPSHOT', '1.0-M1', '1.0.RC2', '2.0-b01', '1.0-alpha', '3.0.0-preview.1']
    assert.deepEqual(
      early.filter((version) => !isPrerelease(version)),
      [],
    )
    assert.deepEqual(
      ['1.0.2j', '33-jre', '1.0.Final', '2.0.0.RELEASE', '4.1.100.Final'].filter(isPrerelease),
      [],
    )
    assert.deepEqual(
      [
        ['1.2', '2.0'],
        ['1.2', '1.3.1'],
        ['1.2.1', '1.2.3'],
        ['1.0', '1.0.0'],
      ].map(([a = '', b = '']) => changeOf(a, b)),
      ['major', 'minor', 'patch', 'none'],
    )
  })
})
