import { zipSync } from 'fflate'
import { mavenFailures } from '../../../../contract/ecosystems/maven/failures.ts'
import type { MavenArtifact, MavenInstall } from '../../../../contract/ecosystems/maven/install.ts'
import type { Warning } from '../../../../contract/verdict.ts'
import { relayOrigin, type Upstream } from '../../../broker/upstream.ts'
import { jdkMajor } from '../../../toolchains/jdk/need.ts'
import { child, childText, escapeXml } from '../../../xml.ts'
import type { Project, Tree } from '../../project.ts'
import type { InstallRecipe } from '../../recipe.ts'
import { declarations } from '../declarations.ts'
import { type LeftOut, leftOutWarnings } from '../leaveOut.ts'
import type { Model } from '../pom/model.ts'
import { sectionsOf } from '../pom/pom.ts'
import { activePoms } from '../pom/reactor.ts'
import type { MavenRepository } from '../repository.ts'
import { words } from '../words.ts'
import { type MavenConfig, mavenConfig, usualMaven } from '../wrapper.ts'
import { distributionFile, emptyFile, mavenProgram, planFile, settingsFile } from './layout.ts'
import { extensionsOf, reducePom } from './reduce.ts'
import { artifactSets } from './sets.ts'

export interface MavenInstallRequest {
  readonly tree: Tree
  readonly project: Project
  readonly model: Model
  readonly repository: MavenRepository
  /** Of the user's configuration. */
  readonly upstreams: readonly Upstream[]
  /** Artifacts that an offline build found missing. */
  readonly missing: readonly MavenArtifact[]
  /** Artifacts that no repository has and that the user would do without. */
  readonly leftOut: readonly LeftOut[]
}

/** How a build's dependencies and plugins come into a workspace without any of its code or configuration being run. */
export async function install(request: MavenInstallRequest): Promise<InstallRecipe> {
  const { tree, project, model, repository, missing, leftOut } = request
  const config = await mavenConfig(tree)
  const maven = await distribution(repository, project)
  const files = new Map<string, Buffer>()
  for (const pom of model.reactor.poms) files.set(pom.path, reducePom(pom, model.reactor))
  const jdk = jdkMajor(project.image) ?? 0
  const foreign = foreignRepositories(model, request.upstreams)
  const sets = await artifactSets(tree, model, { profiles: config.profiles, jdk })
  const plan: MavenInstall = {
    v: 7,
    modules: await modulesOf(model, config.profiles),
    sets: [...sets, ...missing.map((one) => ({ artifacts: [one] }))],
    empty: [...leftOut],
    args: argumentsOf(config),
  }
  return {
    files,
    words,
    store: new Map([
      [distributionFile, maven.bytes],
      [settingsFile, Buffer.from(settingsText())],
      [planFile, Buffer.from(JSON.stringify(plan))],
      ...(leftOut.length === 0 ? [] : ([[emptyFile, emptyJar()]] as const)),
    ]),
    command: ['node', mavenProgram, 'install'],
    env: { MAVEN_OPTS: mavenOptions },
    outputs: [],
    restore: (_, bytes) => bytes,
    pins: new Map(),
    packages: new Set((await declarations(model)).map(({ name }) => name)).size,
    keep: [],
    scripts: [],
    warnings: [
      ...leftOutWarnings(leftOut),
      ...maven.warnings,
      ...foreign.warnings,
      ...(await withheldWarnings(tree, model, config)),
    ],
    ...(foreign.hint === undefined ? {} : { hint: foreign.hint }),
  }
}

/** Repositories that POMs of the tree name and the user's configuration does not: nothing is asked there. */
function foreignRepositories(
  { reactor }: Model,
  upstreams: readonly Upstream[],
): { readonly warnings: readonly Warning[]; readonly hint?: string } {
  const known = new Set(upstreams.map(({ url }) => url))
  const named = reactor.poms.flatMap((pom) =>
    sectionsOf(pom).flatMap(({ element }) =>
      ['repositories', 'pluginRepositories'].flatMap((list) =>
        (child(element, list)?.children ?? []).map((one) => ({
          path: pom.path,
          url: childText(one, 'url') ?? '',
        })),
      ),
    ),
  )
  const foreign = named.filter(({ url }) => !known.has(url.replace(/\/*$/, '/')))
  const hint =
    'If you trust it, name it in an active profile, or as a mirror, in ~/.m2/settings.xml on this machine.'
  const warnings = foreign.map(({ path, url }): Warning => {
    const message = `${path} names the repository ${url}, which your settings.xml does not: it was not asked. ${hint}`
    return { code: `repository-not-asked:${url}`, message, path, severity: 'notice' }
  })
  const unique = new Map(warnings.map((warning) => [warning.code, warning]))
  const [first] = foreign
  return {
    warnings: [...unique.values()],
    ...(first === undefined
      ? {}
      : { hint: `${first.path} names ${first.url}, which was not asked. ${hint}` }),
  }
}

/** With a manifest, since older compilers take no jar that is empty; always the same bytes, which are part of a key. */
function emptyJar(): Buffer {
  const manifest = Buffer.from('Manifest-Version: 1.0\r\n\r\n')
  return Buffer.from(zipSync({ 'META-INF/MANIFEST.MF': [manifest, { mtime: '1980-01-01T00:00:00' }] }))
}

/** Maven's own runs are short: neither the second compiler nor a parallel collector earns what it costs. */
const mavenOptions = '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto'

/** Everything comes from the relay; the same text serves the offline runs, so that Maven knows its repository again. */
function settingsText(): string {
  const url = escapeXml(`${relayOrigin}/maven/`)
  return `<settings><mirrors><mirror><id>drydock</id><mirrorOf>*</mirrorOf><url>${url}</url></mirror></mirrors></settings>\n`
}

/** Of those that build nothing, a distribution for one, what none inherits from and depends on something. */
async function modulesOf(model: Model, profiles: readonly string[]): Promise<Record<string, string[]>> {
  const active = [...activePoms(model.reactor, profiles)]
  const parents = new Set(
    (await Promise.all(active.map((pom) => model.chain(pom)))).flatMap(([, ...rest]) => rest),
  )
  const modules: Record<string, string[]> = {}
  for (const pom of active) {
    const { path, packaging } = pom
    const builds = packaging !== 'pom'
    if (
      !builds &&
      (parents.has(pom) || sectionsOf(pom).every(({ dependencies }) => dependencies.length === 0))
    )
      continue
    const kind = ['pom', 'war', 'maven-plugin'].includes(packaging) ? packaging : 'jar'
    modules[kind] = [...(modules[kind] ?? []), path]
  }
  return modules
}

function argumentsOf({ properties, profiles }: MavenConfig): string[] {
  return [
    ...[...properties].map(([name, value]) => `-D${name}=${value}`),
    ...(profiles.length === 0 ? [] : ['-P', profiles.join(',')]),
  ]
}

/** Maven itself, from the user's own repository: the version of the wrapper, else the usual one. */
async function distribution(
  repository: MavenRepository,
  project: Project,
): Promise<{ readonly bytes: Buffer; readonly warnings: readonly Warning[] }> {
  const wanted = project.packageManager.replace(/^maven@/, '')
  const fetch = (version: string): Promise<Buffer | undefined> =>
    repository.file({ groupId: 'org.apache.maven', artifactId: 'apache-maven', version }, '-bin.tar.gz')
  const bytes = await fetch(wanted)
  if (bytes !== undefined) return { bytes, warnings: [] }
  const usual = await fetch(usualMaven)
  if (usual === undefined) throw mavenFailures.noMaven(usualMaven)
  const message = `The repository has no Maven ${wanted}, which the wrapper names: ${usualMaven} was used.`
  return { bytes: usual, warnings: [{ code: `maven-version:${wanted}`, message, severity: 'notice' }] }
}

/** Code that Maven would have loaded while it can fetch packages: it runs in project containers alone. */
async function withheldWarnings(tree: Tree, model: Model, config: MavenConfig): Promise<Warning[]> {
  const notice = (code: string, message: string): Warning => ({ code, message, severity: 'notice' })
  const files = ['.mvn/extensions.xml', '.mvn/jvm.config'].filter((path) => tree.paths.includes(path))
  if (config.withheld.length > 0) files.push('.mvn/maven.config')
  const warnings = files.map((path) =>
    notice(`not-run:${path}`, `${path} can change what Maven runs; packages were fetched without it.`),
  )
  const inTree = new Set(model.reactor.poms.flatMap(extensionsOf))
  for (const name of inTree)
    warnings.push(
      notice(`build-extension:${name}`, `${name} extends the build: it ran only where there is no network.`),
    )
  const chains = await Promise.all(model.reactor.poms.map((pom) => model.chain(pom)))
  const outside = new Set(chains.flatMap((chain) => chain.filter((pom) => !pom.inTree)))
  for (const name of new Set([...outside].flatMap(extensionsOf)))
    warnings.push(
      notice(
        `build-extension:${name}`,
        `${name} extends the build through a parent POM: Maven loaded it while it fetched packages.`,
      ),
    )
  return warnings
}
