import { mavenEcosystem } from '../../../src/runner/ecosystems/maven/index.ts'
import { serveMaven } from '../../../src/runner/registries/maven/serve.ts'
import type { EcosystemFixture } from '../ecosystemFixture.ts'
import { testMavenRepository } from '../mavenRepository.ts'

const pom = (version: string) => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.example</groupId>
  <artifactId>app</artifactId>
  <version>1</version>
  <dependencies>
    <dependency><groupId>org.lib</groupId><artifactId>core</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`

export const fixture: EcosystemFixture = {
  async open(cacheDir) {
    const repository = await testMavenRepository({
      'org.lib:core': ['1.0', '2.0'],
      'org.apache.maven:apache-maven': ['3.9.11'],
    })
    const { host } = repository
    const maven = 'org/apache/maven/apache-maven/3.9.11/apache-maven-3.9.11-bin.tar.gz'
    repository.files.set(maven, Buffer.from('a distribution'))
    const served = { upstreams: host.upstreams, connection: host.connection, serve: serveMaven }
    return {
      opened: { ecosystem: mavenEcosystem({ host, cacheDir }), served, digest: host.digest },
      asked: () => repository.requests.length,
      [Symbol.asyncDispose]: () => repository[Symbol.asyncDispose](),
    }
  },
  files: { 'pom.xml': pom('1.0') },
  package: 'org.lib:core',
  from: '1.0',
  to: '2.0',
  spec: 'org.lib:core:2.0',
  requests: { served: 'org/lib/core/1.0/core-1.0.pom', refused: ['../etc/passwd', 'org/.git/config'] },
  failing: {
    log: `[INFO] Running com.example.PadTest
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.1 s <<< FAILURE! -- in com.example.PadTest
[ERROR] com.example.PadTest.pads -- Time elapsed: 0.01 s <<< FAILURE!
org.opentest4j.AssertionFailedError: expected: <1> but was: <2>
[ERROR] Failures:
[ERROR]   PadTest.pads:9 expected: <1> but was: <2>
[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test) on project app: There are test failures.
`,
    files: {},
    test: 'PadTest',
  },
}
