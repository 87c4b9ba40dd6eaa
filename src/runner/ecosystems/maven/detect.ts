import { z } from 'zod'
import { failures } from '../../../contract/failures.ts'
import { RepositoryConfig } from '../../../contract/settings.ts'
import type { Project, Tree } from '../ecosystem.ts'
import { jdkMajor } from './jdk.ts'
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
    if (gradle !== undefined) throw failures.gradleNotSupported(gradle)
    return undefined
  }
  const config = await readConfig(tree)
  return {
    ecosystem: 'maven',
    packageManager: `maven@${await mavenVersion(tree)}`,
    manifests: model.reactor.poms.map(({ path }) => path),
    image: { kind: 'jdk', major: await jdkMajor(tree, model, config.jdk) },
    config,
  }
}

async function readConfig(tree: Tree): Promise<RepositoryConfig> {
  const bytes = await tree.read('.drydock.json')
  if (bytes === undefined) return {}
  const parsed = RepositoryConfig.safeParse(tryJson(bytes))
  if (!parsed.success) throw failures.badConfig('.drydock.json', z.prettifyError(parsed.error))
  return parsed.data
}

function tryJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}
