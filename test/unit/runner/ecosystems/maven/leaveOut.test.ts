import assert from 'node:assert/strict'
import {
  type LeftOut,
  leaveOut,
  leftOutWarnings,
} from '../../../../../src/runner/ecosystems/maven/leaveOut.ts'
import { missingArtifacts } from '../../../../../src/runner/ecosystems/maven/missing.ts'
import { createModel } from '../../../../../src/runner/ecosystems/maven/pom/model.ts'
import { loadReactor } from '../../../../../src/runner/ecosystems/maven/pom/reactor.ts'
import { createRepository } from '../../../../../src/runner/ecosystems/maven/repository.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { testMavenRepository } from '../../../../support/mavenRepository.ts'
import { treeOf } from '../../../../support/tree.ts'

const named = (name: string, more = '') =>
  `<groupId>org.a</groupId><artifactId>${name}</artifactId><version>1</version>${more}`
const pom = `<project><modelVersion>4.0.0</modelVersion><groupId>g</groupId><artifactId>a</artifactId><version>1</version>
  <dependencies>
    <dependency>${named('used')}</dependency>
    <dependency>${named('tests', '<scope>test</scope>')}</dependency>
    <dependency>${named('optional', '<optional>true</optional>')}</dependency>
  </dependencies>
  <build><plugins><plugin>${named('plugin')}</plugin></plugins></build></project>`

describe('Maven artifacts that are left out', () => {
  it('are jars that no repository has and that others need, or that are for tests or optional', async () => {
    await using server = await testMavenRepository({ 'org.a:there': ['1'], 'org.a:half': ['1'] })
    await using folder = await temporaryFolder()
    server.files.set('org/a/there/1/there-1.jar', Buffer.from('a jar'))
    const repository = createRepository(server.host, folder.path)
    const reactor = await loadReactor(treeOf({ 'pom.xml': pom }))
    assert.ok(reactor)
    const model = createModel(reactor, repository.pom, { extra: new Map(), isActive: () => true })
    const known = new Map<string, LeftOut>()
    const asked = (...lines: readonly string[]) => {
      const log = lines.map((one) => `Could not find artifact ${one} in drydock\n`).join('')
      return leaveOut(
        model,
        repository,
        missingArtifacts(log, () => false),
        known,
      )
    }
    assert.equal(await asked(), undefined)
    const ofOthers = ['org.a:gone:jar:1', 'org.a:half:jar:1', 'org.a:tests:jar:1', 'org.a:optional:jar:1']
    assert.deepEqual(await asked(...ofOthers, 'org.a:used:jar:1'), {
      leftOut: ['org.a:gone:1', 'org.a:half:1', 'org.a:tests:1', 'org.a:optional:1'],
    })
    assert.deepEqual(
      [...known.values()].map(({ pom }) => pom),
      [true, false, true, true],
    )
    assert.deepEqual(
      leftOutWarnings([...known.values()]).map(({ severity }) => severity),
      Array(4).fill('acknowledge'),
    )
    for (const [line, reason] of [
      ['org.a:gone:jar:1', 'an empty jar in its place is refused as well'],
      ['org.a:used:jar:1', 'pom.xml itself depends on org.a:used'],
      ['org.a:plugin:jar:1', 'pom.xml has org.a:plugin as its plugin'],
      ['org.a:bom:pom:1', 'org.a:bom is no jar but of the type pom'],
      ['org.a:there:jar:1', 'the repositories have org.a:there:1'],
    ] as const)
      assert.deepEqual(await asked(line), { refused: reason })
    assert.equal(await asked('..:..:jar:..'), undefined, 'no name of an artifact')
  })
})
