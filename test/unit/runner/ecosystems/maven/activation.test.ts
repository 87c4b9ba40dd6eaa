import assert from 'node:assert/strict'
import { isActive } from '../../../../../src/runner/ecosystems/maven/pom/activation.ts'
import { readPom } from '../../../../../src/runner/ecosystems/maven/pom/pom.ts'

const around = {
  jdk: 17,
  profiles: ['asked', '!refused'],
  folder: 'core',
  exists: (path: string) => path === 'core/src/site',
}

function active(activation: string, id = 'p', jdk = 17): boolean {
  const text = `<project><artifactId>a</artifactId><profiles><profile><id>${id}</id><activation>${activation}</activation></profile></profiles></project>`
  const pom = readPom('core/pom.xml', Buffer.from(text), true)
  const [section] = pom.profiles
  assert.ok(section)
  assert.equal(isActive(pom.main, pom, around), true)
  return isActive(section, pom, { ...around, jdk })
}

describe('profiles of a build', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['', false],
    ['<activeByDefault>true</activeByDefault>', true],
    ['<jdk>[9,)</jdk>', true],
    ['<jdk>(,1.8]</jdk>', false],
    ['<jdk>[1.8,17)</jdk>', false],
    ['<jdk>17</jdk>', true],
    ['<jdk>!17</jdk>', false],
    ['<property><name>!skip</name></property>', true],
    ['<property><name>release</name></property>', false],
    ['<file><exists>src/site</exists></file>', true],
    [`<file><exists>\${basedir}/src/none</exists></file>`, false],
    ['<file><missing>src/none</missing></file>', true],
    ['<file><missing>src/site</missing></file>', false],
    ['<os><family>unix</family></os>', true],
    ['<os><family>!unix</family></os>', false],
    ['<jdk>[9,)</jdk><file><exists>src/none</exists></file>', false],
    ['<unknown/>', false],
  ]
  for (const [activation, expected] of table)
    it(`${activation || 'nothing'} is ${expected ? 'active' : 'not active'}`, () =>
      assert.equal(active(activation), expected))

  it('are active by name, off by name, and know Java 8 as 1.8', () => {
    assert.equal(active('', 'asked'), true)
    assert.equal(active('<activeByDefault>true</activeByDefault>', 'refused'), false)
    assert.deepEqual(
      ['<jdk>1.8</jdk>', '<jdk>[1.8,)</jdk>', '<jdk>[9,)</jdk>'].map((text) => active(text, 'p', 8)),
      [true, true, false],
    )
  })
})
