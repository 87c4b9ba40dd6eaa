import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openDrydock } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'

/** Survives the install phase, unlike anything outside of this folder. */
const canary = '/drydock-store/m2/CANARY_EXEC'

const plugin = (
  phase: string,
) => `<execution><id>${phase}</id><phase>${phase}</phase><goals><goal>exec</goal></goals>
  <configuration><executable>touch</executable><arguments><argument>${canary}-${phase}</argument></arguments></configuration></execution>`

const pom = `<project><modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId><artifactId>hostile</artifactId><version>1</version>
  <properties><maven.compiler.release>17</maven.compiler.release></properties>
  <dependencies><dependency><groupId>commons-codec</groupId><artifactId>commons-codec</artifactId><version>1.14</version></dependency></dependencies>
  <build><plugins>
    <plugin><groupId>org.codehaus.mojo</groupId><artifactId>exec-maven-plugin</artifactId><version>3.1.0</version>
      <executions>${plugin('validate')}${plugin('process-test-resources')}</executions></plugin>
    <plugin><artifactId>maven-compiler-plugin</artifactId><configuration><fork>true</fork><executable>/workspace/evil.sh</executable></configuration></plugin>
  </plugins></build></project>`

describe('a hostile Maven build', function () {
  this.timeout(900_000)
  it('runs nothing of its own while packages can be fetched', async () => {
    await using folder = await temporaryFolder()
    await using drydock = await openDrydock()
    const root = join(folder.path, 'user')
    await makeRepository(root, {
      'pom.xml': pom,
      'evil.sh': `#!/bin/sh\ntouch ${canary}-compiler\n`,
      mvnw: `#!/bin/sh\ntouch ${canary}-wrapper\n`,
      '.mvn/jvm.config': `-XX:+UnlockDiagnosticVMOptions -XX:+LogVMOutput -XX:LogFile=${canary}-jvm\n`,
      '.mvn/extensions.xml': '<extensions/>',
      '.drydock.json': JSON.stringify({
        commands: {
          build: `ls /drydock-store/m2; ! ls /drydock-store/m2 | grep CANARY`,
          // In a project container the same build fires: the trap is a real one.
          test: `mvn -q validate; ls ${canary}-validate ${canary}-jvm`,
        },
      }),
    })
    const view = await drydock.session([
      'update',
      'commons-codec:commons-codec@1.15',
      '--repo',
      root,
      '--no-review',
    ])
    const steps = view.reports.base?.steps.map(({ name, exitCode }) => [name, exitCode])
    const expected = [
      ['build', 0],
      ['test', 0],
    ]
    assert.deepEqual(steps, expected, view.reason ?? JSON.stringify(steps))
    const notices = view.warnings.map(({ code }) => code).filter((code) => code.startsWith('not-run:'))
    assert.deepEqual(notices.sort(), ['not-run:.mvn/extensions.xml', 'not-run:.mvn/jvm.config'])
  })
})
