import assert from 'node:assert/strict'
import { missingArtifacts } from '../../../../../src/runner/ecosystems/maven/missing.ts'

/** Lines as Maven, its resolver and its plugins print them offline, and what each asks for. */
const messages: readonly (readonly [string, readonly string[]])[] = [
  [
    '[ERROR] Plugin org.jacoco:jacoco-maven-plugin:0.8.7 or one of its dependencies could not be resolved: Cannot access drydock (http://127.0.0.1:4873/maven/) in offline mode and the artifact org.jacoco:jacoco-maven-plugin:jar:0.8.7 has not been downloaded from it before. -> [Help 1]',
    ['org.jacoco:jacoco-maven-plugin:0.8.7'],
  ],
  [
    `[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:2.22.2:test (default-test) on project app: Unable to generate classpath: org.apache.maven.artifact.resolver.MultipleArtifactsNotFoundException: Missing:
[ERROR] ----------
[ERROR] 1) org.junit.platform:junit-platform-launcher:jar:1.8.2
[ERROR]
[ERROR]   Try downloading the file manually from the project website.
[ERROR]
[ERROR]   Then, install it using the command:
[ERROR]       mvn install:install-file -DgroupId=org.junit.platform -DartifactId=junit-platform-launcher -Dversion=1.8.2 -Dpackaging=jar -Dfile=/path/to/file
[ERROR]
[ERROR]   Path to dependency:
[ERROR]   1) dummy:dummy:jar:1.0
[ERROR]   2) org.junit.platform:junit-platform-launcher:jar:1.8.2
[ERROR]
[ERROR] ----------
[ERROR] 1 required artifact is missing.
[ERROR]
[ERROR] for artifact:
[ERROR]   dummy:dummy:jar:1.0`,
    ['org.junit.platform:junit-platform-launcher:1.8.2'],
  ],
  [
    '[ERROR] Unresolveable build extension: Plugin org.x:ext:1.0 or one of its dependencies could not be resolved: The following artifacts could not be resolved: org.x:ext:jar:1.0 (absent), org.x:core:jar:1.1 (absent): org.x:ext:jar:1.0 was not found in http://127.0.0.1:4873/maven/ during a previous attempt.',
    ['org.x:ext:1.0', 'org.x:core:1.1'],
  ],
  [
    '[ERROR] Failed to execute goal on project app: Could not resolve dependencies for project a:app:jar:1: Failure to find org.y:tool:jar:linux-x86_64:3.2 in http://127.0.0.1:4873/maven/ was cached in the local repository',
    ['org.y:tool:linux-x86_64:3.2'],
  ],
  [
    '[WARNING] The POM for org.z:lib:jar:2.0 is missing, no dependency information available',
    ['org.z:lib:2.0'],
  ],
  [
    '[ERROR] Could not find artifact org.w:thing:pom:4 in drydock (http://127.0.0.1:4873/maven/)',
    ['org.w:thing:4'],
  ],
  ...[
    'surefire-plugin:2.22.2:test (default-test) on project app: There are test failures.\n[ERROR] \n[ERROR] Please refer to /workspace/target/surefire-reports for the individual test results.',
    'failsafe-plugin:3.1.0:verify (default) on project app: \n[ERROR] \n[ERROR] Please refer to /workspace/target/failsafe-reports for the individual test results.',
    'surefire-plugin:2.22.2:test (default-test) on project app: Execution default-test failed: NoClassDefFoundError',
  ].map((failed, at): readonly [string, readonly string[]] => [
    `[WARNING] The POM for org.z:lib:jar:2.${at} is missing, no dependency information available
[ERROR] Failed to execute goal org.apache.maven.plugins:maven-${failed} -> [Help 1]`,
    at < 2 ? [] : ['org.z:lib:2.2'],
  ]),
  ['[INFO] BUILD SUCCESS', []],
]

describe('missing artifacts', () => {
  for (const [log, expected] of messages)
    it(`are read from: ${log.slice(0, 70)}…`, () => {
      const found = missingArtifacts(log, (groupId) => groupId === 'a').map(
        ({ groupId, artifactId, classifier, version }) =>
          [groupId, artifactId, classifier, version].filter((part) => part !== undefined).join(':'),
      )
      assert.deepEqual(found, expected)
    })

  it('are not the modules of the build itself', () => {
    assert.deepEqual(
      missingArtifacts('Could not find artifact a:app:jar:1 in drydock', () => true),
      [],
    )
  })
})
