import { posix } from 'node:path'
import type { MavenArtifact } from '../../../contract/ecosystems/maven/install.ts'
import { failures } from '../../../contract/failures.ts'
import type { MavenHost } from '../../registries/maven/host.ts'
import { jdkMajor } from '../../toolchains/jdk/need.ts'
import type { Ecosystem } from '../ecosystem.ts'
import type { Project, Tree } from '../project.ts'
import { results } from '../results.ts'
import { affected } from './affected.ts'
import { checks } from './checks.ts'
import { counts } from './counts.ts'
import { detect } from './detect.ts'
import { install } from './install/recipe.ts'
import { pathsOf } from './install/sets.ts'
import { mavenArchives } from './jars/index.ts'
import { mavenNamespaces } from './jars/namespaces.ts'
import { chooseJdk, usualJdk } from './jdk.ts'
import { kitParts } from './kit.ts'
import { type LeftOut, leaveOut } from './leaveOut.ts'
import { missingArtifacts } from './missing.ts'
import { levelSaid, newerJdk } from './newerJdk.ts'
import { outdated } from './outdated.ts'
import { planUpdate } from './plan.ts'
import { isActive } from './pom/activation.ts'
import { createModel, type Model } from './pom/model.ts'
import { loadReactor, type Reactor } from './pom/reactor.ts'
import { publishedRelease } from './release/published.ts'
import { createRepository, type MavenRepository } from './repository.ts'
import { inspection, installed, resolved } from './resolved.ts'
import { summariseMaven } from './summarise/index.ts'
import { openWanted } from './wanted.ts'
import { words } from './words.ts'
import { mavenConfig } from './wrapper.ts'

/** What a log says is missing, but for the build's own modules. */
function missingFrom(reactor: Reactor | undefined): (log: string) => readonly MavenArtifact[] {
  return (log) =>
    missingArtifacts(log, (groupId, artifactId) => reactor?.isMember(groupId, artifactId) ?? false)
}

export interface MavenOptions {
  readonly host: MavenHost
  /** Folder on the host, shared with the broker. */
  readonly cacheDir: string
  /** Program of `release/worker.ts`; where there is none, no release is read. */
  readonly releaseReader?: string
  /** What no repository has is left out where that can be; the user's setting. */
  readonly allowMissing?: boolean
  /** File that remembers, for one repository, what offline builds wanted; none where undefined. */
  readonly memory?: string
}

/** The effective model of a build; `known` throws where there is none. */
function modelsFrom(repository: MavenRepository) {
  const modelOf = async (tree: Tree, jdk?: number): Promise<Model | undefined> => {
    const reactor = await loadReactor(tree)
    if (reactor === undefined) return undefined
    const { properties, profiles } = await mavenConfig(tree)
    const paths = pathsOf(tree)
    const around = { jdk: jdk ?? usualJdk, profiles, properties, exists: (path: string) => paths.has(path) }
    return createModel(reactor, repository.pom, {
      extra: properties,
      isActive: (section, pom) => isActive(section, pom, { ...around, folder: posix.dirname(pom.path) }),
    })
  }
  const known = async (tree: Tree, project: Project): Promise<Model> => {
    const model = await modelOf(tree, jdkMajor(project.image))
    if (model === undefined) throw failures.noManifest(project.manifests[0] ?? 'pom.xml')
    return model
  }
  return { modelOf, known }
}

/** The plan of an update, on the JDK that it asks for. */
function planner(
  known: (tree: Tree, project: Project) => Promise<Model>,
  { cacheDir, releaseReader }: MavenOptions,
  repository: MavenRepository,
): Ecosystem['planUpdate'] {
  return async (tree, project, request, signal) => {
    const model = await known(tree, project)
    const plan = await planUpdate(model, repository, request, signal)
    if (plan === undefined || releaseReader === undefined) return plan
    const source = { repository, cacheDir, reader: releaseReader }
    const jdk = await chooseJdk(tree, model, project.config.jdk)
    // What cannot be read asks for nothing that is known.
    const read = (update: Parameters<typeof publishedRelease>[0]) =>
      publishedRelease(update, source, signal).catch(() => undefined)
    const compiledFor = (name: string, version: string) => levelSaid(repository, name, version)
    return { ...plan, ...(await newerJdk(project, plan, jdk, { read, compiledFor })) }
  }
}

export function mavenEcosystem(options: MavenOptions): Ecosystem {
  const { host, cacheDir, releaseReader, memory, allowMissing } = options
  const repository = createRepository(host, cacheDir)
  const wanted = openWanted(memory)
  // What installs did not get and may be left out.
  const leftOut = new Map<string, LeftOut>()
  const { modelOf, known } = modelsFrom(repository)
  return {
    id: 'maven',
    namespaced: true,
    detect: (tree) => detect(tree, () => modelOf(tree)),
    outdated: async (tree, project, signal) => outdated(await known(tree, project), repository, signal),
    planUpdate: planner(known, options, repository),
    resolved: async (tree, project, name) => resolved(await known(tree, project), name),
    installed,
    published: (_, name, of, signal) => repository.published(name, of, signal),
    ...(releaseReader === undefined
      ? {}
      : {
          release: (_, update, signal) =>
            publishedRelease(update, { repository, cacheDir, reader: releaseReader }, signal),
          archives: mavenArchives({ repository, reader: releaseReader }),
          namespacesOf: mavenNamespaces({ repository, reader: releaseReader }),
        }),
    inspection: async (tree, name, manifests) => {
      const reactor = await loadReactor(tree)
      if (reactor === undefined) throw failures.noManifest('pom.xml')
      return inspection(reactor, name, manifests)
    },
    decides: (path) => path === '.mvn/maven.config',
    install: async (tree, project) => {
      const model = await known(tree, project)
      const { upstreams } = host
      const common = { tree, project, model, repository, upstreams }
      return install({
        ...common,
        missing: await wanted.for(model.reactor.poms),
        leftOut: [...leftOut.values()],
      })
    },
    ...(allowMissing === true
      ? {
          leaveOut: async (tree, project, { log }) => {
            const missing = missingFrom(await loadReactor(tree))(log)
            return await leaveOut(await known(tree, project), repository, missing, leftOut)
          },
        }
      : {}),
    words,
    explainLock: async () => [],
    checks: async (tree, project, scope) => {
      const missing = missingFrom(await loadReactor(tree))
      return await checks(project, scope, (log) => missing(log).length === 0)
    },
    lacking: async (tree, log) => {
      const lacking = missingFrom(await loadReactor(tree))(log)
      await wanted.add(lacking)
      return lacking.length > 0
    },
    affected: async (tree, paths) => {
      const reactor = await loadReactor(tree)
      return reactor === undefined ? undefined : affected(reactor, (await mavenConfig(tree)).profiles, paths)
    },
    kitParts,
    results: (files) => results(files),
    counts,
    summarise: (_, log) => summariseMaven(log),
  }
}
