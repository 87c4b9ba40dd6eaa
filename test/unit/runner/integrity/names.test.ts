import assert from 'node:assert/strict'
import { integrityRules } from '../../../../src/runner/ecosystems/index.ts'
import { integrityWarnings } from '../../../../src/runner/integrity/integrity.ts'
import { isOneEdit } from '../../../../src/runner/integrity/lookalike.ts'

const rules = await integrityRules()

const json = (dependencies: object) => JSON.stringify({ dependencies })
const codes = (before: object, after: object) => {
  const texts = { before: json(before), after: json(after) }
  const change = { path: 'package.json', role: 'manifest' as const, ...texts }
  return integrityWarnings({ changes: [change], kit: new Map([['package.json', texts.before]]) }, rules).map(
    ({ code }) => code,
  )
}
const own = { lodash: '^4.0.0', 'own-tool': '1.0.0', '@corp/core': '1.0.0' }

describe('names that mislead', () => {
  const table: readonly (readonly [added: object, codes: readonly string[]])[] = [
    [{ 'p-limit': '^4.0.0' }, []],
    [{ preact: '^10.0.0' }, []],
    [{ '@corp/care': '1.0.0' }, []],
    [{ lodahs: '^4.0.0' }, ['misleading-name:lodahs']],
    [{ l0dash: '^4.0.0' }, ['misleading-name:l0dash']],
    [{ 'own-too1': '^1.0.0' }, ['misleading-name:own-too1']],
    [{ owntool: '^1.0.0' }, ['misleading-name:owntool']],
    [{ own_t00l: '^1.0.0' }, ['misleading-name:own_t00l']],
    [{ '@c0rp/core': '1.0.0' }, ['misleading-name:@c0rp/core']],
    [{ lоdash: '^4.0.0' }, ['misleading-name:lоdash']],
    [{ lodash: 'npm:lodahs@4.0.0' }, ['alias:package.json#lodash', 'misleading-name:lodahs']],
    [{ lodash: 'npm:lodash@3.0.0' }, []],
  ]
  for (const [added, expected] of table)
    it(`${JSON.stringify(added)}: ${expected.join(', ') || 'nothing'}`, () =>
      assert.deepEqual(codes(own, { ...own, ...added }), expected))

  it('says nothing of what was there before, an alias that moves along included', () => {
    assert.deepEqual(codes({ lodahs: '1.0.0', a: 'npm:b@1.0.0' }, { lodahs: '2.0.0', a: 'npm:b@2.0.0' }), [])
  })

  it('looks at groups in a POM', () => {
    const pom = (...names: readonly string[]) =>
      `<project><dependencies>${names
        .map((name) => name.split(':'))
        .map(
          ([group, artifact]) =>
            `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId></dependency>`,
        )
        .join('')}</dependencies></project>`
    const before = pom('com.google.guava:guava')
    const of = (after: string) =>
      integrityWarnings(
        {
          changes: [{ path: 'pom.xml', role: 'manifest', before, after }],
          kit: new Map([['pom.xml', before]]),
        },
        rules,
      ).map(({ code }) => code)
    assert.deepEqual(of(pom('com.google.guava:guava', 'com.google.guava:guava-testlib')), [])
    assert.deepEqual(of(pom('com.googie.guava:guava')), ['misleading-name:com.googie.guava:guava'])
  })

  it('one edit is a letter more, less, another, or two that changed places', () => {
    const edits = ['chalk', 'chlak', 'chal', 'chalks', 'cha1k', 'halk'].map((name) =>
      isOneEdit('chalk', name),
    )
    assert.deepEqual(edits, [false, true, true, true, true, true])
    assert.deepEqual(
      ['chklas', 'ch', 'kalch'].map((name) => isOneEdit('chalk', name)),
      [false, false, false],
    )
  })
})
