import type { MavenArtifact } from '../../src/contract/ecosystems/maven/install.ts'
import type { ResolvedPackages } from './resolved.ts'

const surefire = 'org.apache.maven.surefire'
export const testPlugins = ['maven-surefire-plugin', 'maven-failsafe-plugin']

/** What lies in the local repository, whatever brought it. */
export interface Came {
  readonly platforms: readonly string[]
  readonly junit: boolean
  readonly testng: boolean
}

/**
 * The providers that test plugins of these versions choose by what a module is tested with, each with the launcher and the
 * engines that it adds where the module names none. `packages` is what the modules are built and tested with.
 */
export function testProviders(
  plugins: readonly string[],
  came: Came,
  packages: ResolvedPackages,
): readonly MavenArtifact[] {
  const versions = (name: string): readonly string[] => packages[name] ?? []
  const platforms = [
    ...new Set([...came.platforms, ...versions('org.junit.platform:junit-platform-commons')]),
  ]
  // Each by itself: the provider comes with its own launcher, then the launcher of the tests.
  const launchers = platforms.map((version) => ({
    groupId: 'org.junit.platform',
    artifactId: 'junit-platform-launcher',
    version,
  }))
  const isOld = versions('junit:junit').some((version) => /^[1-3]\./.test(version))
  const chosen = [
    ...(platforms.length > 0 ? ['surefire-junit-platform'] : []),
    ...(came.junit ? ['surefire-junit4'] : []),
    ...(isOld ? ['surefire-junit3'] : []),
    ...(came.testng ? ['surefire-testng'] : []),
  ]
  const providers = plugins.flatMap((version) =>
    chosen.map((artifactId) => ({ groupId: surefire, artifactId, version })),
  )
  return [...launchers, ...engines(versions), ...providers]
}

/** Of a module with the interface of JUnit alone, in the same version; the one for JUnit 4 only beside that of JUnit 5. */
function engines(versions: (name: string) => readonly string[]): readonly MavenArtifact[] {
  const own = new Set(versions('org.junit.jupiter:junit-jupiter-engine'))
  const without = versions('org.junit.jupiter:junit-jupiter-api').filter((version) => !own.has(version))
  const jupiter = { groupId: 'org.junit.jupiter', artifactId: 'junit-jupiter-engine' }
  const vintage = { groupId: 'org.junit.vintage', artifactId: 'junit-vintage-engine' }
  const both = ['junit:junit', 'junit:junit-dep'].some((name) => versions(name).length > 0)
  const needsVintage = both && versions('org.junit.vintage:junit-vintage-engine').length === 0
  return without.flatMap((version) => [
    { ...jupiter, version },
    ...(needsVintage ? [{ ...vintage, version }] : []),
  ])
}
