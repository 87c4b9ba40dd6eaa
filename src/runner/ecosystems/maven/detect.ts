import { mavenFailures } from '../../../contract/ecosystems/maven/failures.ts'
import type { Project, Tree } from '../project.ts'
import { readRepositoryConfig } from '../repositoryConfig.ts'
import { chooseJdk } from './jdk.ts'
import type { Model } from './pom/model.ts'
import { mavenVersion } from './wrapper.ts'

const gradleFiles = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts']

/**
 * A Maven project at the tree's root; undefined where there is no `pom.xml`. Throws `unsupported-ecosystem` for one that
 * Gradle builds.
 */
export async function detect(
  tree: Tree,
  load: () => Promise<Model | undefined>,
): Promise<Project | undefined> {
  const model = await load()
  if (model === undefined) {
    const gradle = gradleFiles.find((path) => tree.paths.includes(path))
    if (gradle !== undefined) throw mavenFailures.gradleNotSupported(gradle)
    return undefined
  }
  const config = await readRepositoryConfig(tree)
  const { major, source } = await chooseJdk(tree, model, config.jdk)
  return {
    ecosystem: 'maven',
    packageManager: `maven@${await mavenVersion(tree)}`,
    manifests: model.reactor.poms.map(({ path }) => path),
    versionsIn: 'manifests',
    locks: [],
    image: { kind: 'jdk', major },
    toolchain: `JDK ${major} (${source})`,
    config,
  }
}
