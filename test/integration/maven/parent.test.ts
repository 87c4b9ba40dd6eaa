import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Drydock, openDrydock, playedBy } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'
import { startModel } from '../../support/model/server.ts'

const pass = { pass: true, reason: 'It is so.', evidence: ['jakarta.validation'] }
const approval = { name: 'verdict', input: { in_scope: pass, safe: pass, quality: pass } }
const till = 'src/main/java/com/example/Till.java'
const bound = 'import javax.validation.constraints.NotNull;'

/** Its parent's plugin packages it, some of whose own dependencies are optional ones. */
const files = {
  'pom.xml': `<project><modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId>
    <version>2.7.0</version><relativePath/>
  </parent>
  <groupId>com.example</groupId><artifactId>till</artifactId><version>1</version>
  <properties><java.version>1.8</java.version></properties>
  <dependencies>
    <dependency><groupId>jakarta.validation</groupId><artifactId>jakarta.validation-api</artifactId></dependency>
    <dependency>
      <groupId>org.junit.jupiter</groupId><artifactId>junit-jupiter</artifactId><scope>test</scope>
    </dependency>
  </dependencies>
  <build><plugins><plugin>
    <groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId>
  </plugin></plugins></build>
</project>
`,
  [till]: `package com.example;

${bound}

public class Till {
  @NotNull String name = "till";

  public static void main(String[] words) {
    System.out.println(new Till().name);
  }
}
`,
  'src/test/java/com/example/TillTest.java': `package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class TillTest {
  @Test void isNamed() { assertEquals("till", new Till().name); }
}
`,
}

describe("an update of a project's parent", function () {
  this.timeout(900_000)
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  it('is installed once, on the Java that it asks for, and the agent is told what moved with it', async () => {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, files)
    const moved = bound.replace('javax', 'jakarta')
    const model = await startModel({
      agent: [
        { text: 'It moved.', toolUses: [{ name: 'Edit', input: { path: till, old: bound, new: moved } }] },
        { text: 'Checking.', toolUses: [{ name: 'Verify', input: {} }] },
        { text: 'Done.' },
      ],
      judge: [{ toolUses: [approval] }],
    })
    await using _closed = { [Symbol.asyncDispose]: () => model.close() }
    const parent = 'org.springframework.boot:spring-boot-starter-parent'
    const argv = ['update', `${parent}@3.0.0`, '--repo', root, '--no-review']
    const view = await drydock.session(argv, playedBy(model))
    const first = model.requests.find(({ purpose }) => purpose === 'agent')
    const told = JSON.stringify(first?.body ?? '')
    assert.match(told, /- jakarta\.validation:jakarta\.validation-api: 2\.0\.2 → 3\.0\.2\\n/)
    assert.match(
      told,
      /- removed javax\.validation; most of its members are now those of jakarta\.validation\\n/,
    )
    assert.doesNotMatch(told, /wrong version|compiled for Java/)
    assert.deepEqual([view.outcome, view.matrix?.proof], ['awaiting-review', 'tests'], view.reason ?? '')
    const asks = view.warnings.find(({ code }) => code === `newer-tools:${parent}`)
    assert.match(asks?.message ?? '', /3\.0\.0 has its children compiled for Java 17: base and update were/)
    const installs = view.stages.filter(({ name, cached }) => name === 'prepare' && cached === false)
    assert.deepEqual(
      installs.map(({ role }) => role).filter((role) => role === 'base' || role === 'update'),
      ['base', 'update'],
      'what a plugin calls optional costs no second install',
    )
  })
})
