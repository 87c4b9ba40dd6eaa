import assert from 'node:assert/strict'
import { affected } from '../../../../../src/runner/ecosystems/maven/affected.ts'
import { loadReactor } from '../../../../../src/runner/ecosystems/maven/pom/reactor.ts'
import { treeOf } from '../../../../support/tree.ts'

const pom = (name: string, ...needs: readonly string[]) => {
  const dependency = (other: string) =>
    `<dependency><groupId>x</groupId><artifactId>${other}</artifactId><version>1</version></dependency>`
  return `<project><groupId>x</groupId><artifactId>${name}</artifactId><version>1</version>
    <dependencies>${needs.map(dependency).join('')}</dependencies></project>`
}

/** util ← core ← web, core ← cli, tools alone; docs lie beside. */
const files = {
  'pom.xml': `<project><groupId>x</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging>
    <modules>${['util', 'core', 'web', 'apps/cli', 'tools'].map((name) => `<module>${name}</module>`).join('')}</modules></project>`,
  'util/pom.xml': pom('util'),
  'core/pom.xml': pom('core', 'util'),
  'web/pom.xml': pom('web', 'core'),
  'apps/cli/pom.xml': pom('cli', 'core'),
  'tools/pom.xml': pom('tools'),
}

describe('the part of a build that a change matters to', () => {
  const of = async (...paths: readonly string[]) => {
    const reactor = await loadReactor(treeOf(files))
    assert.ok(reactor)
    return affected(reactor, [], paths)
  }

  it('is the module, those that need it, and what these need', async () => {
    assert.deepEqual((await of('web/src/main/java/W.java'))?.modules, ['web', 'core', 'util'])
    assert.deepEqual((await of('core/a'))?.modules, ['core', 'web', 'apps/cli', 'util'])
    assert.deepEqual((await of('tools/a', 'apps/cli/b'))?.modules, ['tools', 'apps/cli', 'core', 'util'])
  })

  it('knows whose tests run in it', async () => {
    const found = await of('web/a')
    assert.deepEqual(
      ['web/x', 'util/x', 'tools/x', 'apps/cli/x', 'README.md'].map((path) => found?.covers(path)),
      [true, true, false, false, false],
    )
  })

  it('is everything where it cannot be told', async () => {
    assert.equal(await of('pom.xml'), undefined)
    assert.equal(await of('web/a', 'docs/b'), undefined)
    assert.equal(await of('util/a', 'tools/b'), undefined)
    assert.equal(await of(), undefined)
  })
})
