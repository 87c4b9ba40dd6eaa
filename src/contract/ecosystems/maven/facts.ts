import type { EcosystemFacts } from '../facts.ts'

export const facts = {
  id: 'maven',
  name: 'Maven',
  managers: ['Maven'],
  manifest: 'pom.xml',
  manifests: [],
  lockfiles: [],
  relatives: /^(build|settings)\.gradle(\.kts)?$/,
  // No package of npm has a colon in its name.
  named: { as: 'GROUP:ARTIFACT', form: /^[\w.-]+:[\w.-]+$/ },
  declares: {
    kind: 'xml',
    elements: ['dependency', 'plugin', 'parent'],
    name: [{ element: 'groupId', usual: 'org.apache.maven.plugins' }, { element: 'artifactId' }],
  },
  generated:
    /(^|\/)target\/(classes|test-classes|generated-sources|generated-test-sources|maven-status|surefire-reports|failsafe-reports)\//,
  installed: [],
  sensitive: /(^|\/)\.mvn(\/|$)/,
  toolchain: { jdk: 'Major version of the JDK, such as 17.' },
} as const satisfies EcosystemFacts
