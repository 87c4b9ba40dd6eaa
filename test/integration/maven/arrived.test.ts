import assert from 'node:assert/strict'
import { join } from 'node:path'
import { openDrydock } from '../../support/drydock.ts'
import { makeRepository, temporaryFolder } from '../../support/madeRepository.ts'

const codec = '<groupId>commons-codec</groupId><artifactId>commons-codec</artifactId>'
const ours = '<groupId>com.example</groupId>'
/** What Maven itself resolved when the workspace was made: the module's own version, before and after. */
const told = 'com.example:app":{"commons-codec:commons-codec":"1.1[35]"}'

const files = {
  'pom.xml': `<project><modelVersion>4.0.0</modelVersion>
  ${ours}<artifactId>root</artifactId><version>1</version><packaging>pom</packaging>
  <modules><module>app</module></modules>
  <properties><codec>1.14</codec></properties>
  <dependencyManagement><dependencies><dependency>${codec}<version>\${codec}</version></dependency></dependencies></dependencyManagement>
</project>\n`,
  'app/pom.xml': `<project><modelVersion>4.0.0</modelVersion>
  <parent>${ours}<artifactId>root</artifactId><version>1</version></parent>
  <artifactId>app</artifactId>
  <properties><codec>1.13</codec></properties>
  <dependencies><dependency>${codec}</dependency></dependencies>
</project>\n`,
  '.drydock.json': JSON.stringify({
    commands: { test: `grep -q '${told}' /drydock-store/m2/resolved.json` },
  }),
}

describe('the version arrives, Maven', function () {
  this.timeout(900_000)
  it('in a module that sets its parent’s property otherwise', async () => {
    await using folder = await temporaryFolder()
    await using drydock = await openDrydock()
    const root = join(folder.path, 'user')
    await makeRepository(root, files)
    const view = await drydock.session([
      'update',
      'commons-codec:commons-codec@1.15',
      ...['--repo', root, '--no-review'],
    ])
    assert.equal(view.outcome, 'awaiting-review', view.reason ?? '')
    assert.deepEqual(view.patch?.files.map(({ path }) => path).sort(), ['app/pom.xml', 'pom.xml'])
    assert.deepEqual(view.places, [
      { manifest: 'pom.xml', before: '1.14', after: '1.15', by: 'the property codec in pom.xml' },
      { manifest: 'app/pom.xml', before: '1.13', after: '1.15', by: 'the property codec in app/pom.xml' },
    ])
    const tests = [view.reports.base, view.reports.update].map((report) =>
      report?.steps.filter(({ name }) => name === 'test').map(({ exitCode }) => exitCode),
    )
    assert.deepEqual(tests, [[0], [0]])
  })

  it('not where the command line holds it, and says so', async () => {
    await using folder = await temporaryFolder()
    await using drydock = await openDrydock()
    const root = join(folder.path, 'user')
    await makeRepository(root, { ...files, '.mvn/maven.config': '-Dcodec=1.14\n' })
    const view = await drydock.session([
      'update',
      'commons-codec:commons-codec@1.15',
      ...['--repo', root, '--no-review'],
    ])
    assert.deepEqual([view.outcome, view.failure?.code], ['setup-failed', 'version-pinned'])
    assert.match(view.failure?.message ?? '', /by -Dcodec in \.mvn\/maven\.config\.$/)
  })
})
