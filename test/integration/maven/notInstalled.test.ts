import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'

const pass = { pass: true, reason: 'It is so.', evidence: ['pom.xml'] }
const approval = { name: 'verdict', input: { in_scope: pass, safe: pass, quality: pass } }
const gone = `    <dependency>
      <groupId>org.junit.platform</groupId><artifactId>junit-platform-jfr</artifactId><scope>test</scope>
    </dependency>
`
/** JUnit's BOM manages this one up to version 5, and not from 6 on. */
const files = {
  'pom.xml': `<project><modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>till</artifactId><version>1</version>
  <properties>
    <maven.compiler.source>17</maven.compiler.source><maven.compiler.target>17</maven.compiler.target>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <junit.version>5.10.2</junit.version>
  </properties>
  <dependencyManagement><dependencies>
    <dependency>
      <groupId>org.junit</groupId><artifactId>junit-bom</artifactId><version>\${junit.version}</version>
      <type>pom</type><scope>import</scope>
    </dependency>
  </dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><scope>test</scope>
    </dependency>
${gone}  </dependencies>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-surefire-plugin</artifactId><version>3.5.2</version>
  </plugin></plugins></build>
</project>
`,
  'src/main/java/com/example/Till.java': `package com.example;
public class Till { public static int sum(int a, int b) { return a + b; } }
`,
  'src/test/java/com/example/TillTest.java': `package com.example;
import static org.junit.jupiter.api.Assertions.assertEquals;
import org.junit.jupiter.api.Test;
class TillTest { @Test void adds() { assertEquals(3, Till.sum(1, 2)); } }
`,
}

const why =
  "The update cannot be installed: 'dependencies.dependency.version' for org.junit.platform:junit-platform-jfr:jar is missing (line 18)."

describe('an update that its own manifests keep from being installed', function () {
  this.timeout(900_000)
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('is what the agent repairs, from where a session without a key stopped', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, files)
    const spec = ['org.junit:junit-bom@6.0.0', '--repo', root, '--no-review']
    const keyless = await drydock.session(['update', ...spec])
    assert.equal(keyless.failure?.code, 'repair-needs-key', keyless.reason ?? '')
    assert.deepEqual(keyless.matrix?.breaks, [`The change could not be run: ${why}`])
    assert.deepEqual(
      keyless.why?.failures?.list.map(({ step, message }) => [step, message]),
      [['install', why]],
    )
    const model = await startModel({
      agent: [
        { text: 'Nothing uses it.', toolUses: [{ name: 'Verify', input: {} }] },
        { text: 'It goes.', toolUses: [{ name: 'Edit', input: { path: 'pom.xml', old: gone, new: '' } }] },
        { text: 'Checking.', toolUses: [{ name: 'Verify', input: {} }] },
        { text: 'Done.' },
      ],
      judge: [{ toolUses: [approval] }],
    })
    await using _closed = { [Symbol.asyncDispose]: () => model.close() }
    const view = await drydock.session(['retry', keyless.id], playedBy(model))
    assert.deepEqual([view.id, view.outcome], [keyless.id, 'awaiting-review'], view.reason ?? '')
    assert.deepEqual([view.matrix?.green, view.matrix?.proof], [true, 'tests'])
    assert.deepEqual(
      view.patch?.files.map(({ path }) => path),
      ['pom.xml'],
    )
    const asked = model.requests
      .filter(({ purpose }) => purpose === 'agent')
      .map(({ body }) => JSON.stringify(body))
    const told = JSON.stringify(why).slice(1, -1)
    assert.ok(asked[0]?.includes(told), asked[0])
    assert.match(asked[1] ?? '', /junit-platform-jfr:jar is missing/)
    assert.match(asked.at(-1) ?? '', /Everything that passed before passes/)
  })
})
