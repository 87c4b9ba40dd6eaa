import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Drydock, openDrydock } from '../../support/drydock.ts'
import { inTurn } from '../../support/inTurn.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'

/** log4j 1.2.15 needs three jars that were never put into the public repository; its POM says so to this day. */
const gone = ['com.sun.jdmk:jmxtools:1.2.1', 'com.sun.jmx:jmxri:1.2.1', 'javax.jms:jms:1.1']

const dependency = (groupId: string, artifactId: string, version: string) =>
  `<dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>`

const pom = (...dependencies: readonly string[]) => `<project><modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>old</artifactId><version>1</version>
  <properties><maven.compiler.release>17</maven.compiler.release><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
  <dependencies>
    ${dependency('commons-codec', 'commons-codec', '1.14')}
    ${dependencies.join('\n    ')}
    <dependency><groupId>junit</groupId><artifactId>junit</artifactId><version>4.13.2</version><scope>test</scope></dependency>
  </dependencies></project>`

const source = `package com.example;

import org.apache.commons.codec.binary.Hex;
import org.apache.log4j.Logger;

public class Old {
  public static String hex(byte[] bytes) {
    Logger.getLogger(Old.class).debug("hex");
    return Hex.encodeHexString(bytes);
  }
}
`
const test = `package com.example;

import static org.junit.Assert.assertEquals;

import org.junit.Test;

public class OldTest {
  @Test public void hex() { assertEquals("01", Old.hex(new byte[] {1})); }
}
`

describe('artifacts that no Maven repository has', function () {
  this.timeout(900_000)
  let drydock: Drydock
  before(async () => {
    drydock = await openDrydock()
  })
  after(() => drydock[Symbol.asyncDispose]())

  async function session(files: Readonly<Record<string, string>>, ...more: readonly string[]) {
    await using folder = await temporaryFolder()
    const root = join(folder.path, 'user')
    await makeRepository(root, files)
    const argv = ['update', 'commons-codec:commons-codec@1.15', '--repo', root, '--no-review']
    return await drydock.session([...argv, ...more])
  }

  const log4j = dependency('log4j', 'log4j', '1.2.15')
  const files = {
    'pom.xml': pom(log4j),
    'src/main/java/com/example/Old.java': source,
    'src/test/java/com/example/OldTest.java': test,
  }

  inTurn(0, 2)('are named, with the option that leaves them out', async () => {
    const view = await session(files)
    assert.equal(view.outcome, 'setup-failed')
    assert.equal(view.failure?.code, 'install-failed')
    assert.match(view.failure?.message ?? '', /javax\.jms:jms:jar:1\.1|com\.sun\.j\w+:jmx\w+:jar:1\.2\.1/)
    assert.match(view.failure?.next ?? '', /--allow-missing/)
  })

  inTurn(1, 2)(
    'are left out where the user allows it and only others need them, as warnings to acknowledge',
    async () => {
      const view = await session(files, '--allow-missing')
      assert.equal(view.outcome, 'awaiting-review', view.reason ?? JSON.stringify(view.failure))
      assert.deepEqual([view.matrix?.green, view.matrix?.verified], [true, true])
      const left = view.warnings.filter(({ code }) => code.startsWith('left-out:'))
      assert.deepEqual(
        left.map(({ code, severity }) => [code, severity]).sort(),
        gone.map((name) => [`left-out:${name}`, 'acknowledge']),
      )
    },
  )

  inTurn(2, 2)('are not left out where the project itself depends on them, and it says so', async () => {
    const own = pom(log4j, dependency('javax.jms', 'jms', '1.1'))
    const view = await session({ ...files, 'pom.xml': own }, '--allow-missing')
    assert.equal(view.outcome, 'setup-failed')
    assert.match(view.failure?.next ?? '', /cannot leave it out: pom\.xml itself depends on javax\.jms:jms/)
  })

  inTurn(3, 2)('are named beside a check of the base that fails without them', async () => {
    const uses = source.replace('  public static', '  javax.jms.Queue queue;\n  public static')
    const view = await session({ ...files, 'src/main/java/com/example/Old.java': uses }, '--allow-missing')
    assert.notEqual(view.matrix?.green, true)
    assert.match(
      view.reports.base?.notes.join('\n') ?? '',
      /It ran without .*javax\.jms:jms:1\.1,.* which no registry has\. .*does not help here/,
    )
  })
})
