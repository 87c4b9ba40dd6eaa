import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type MavenArtifact, MavenInstall, MavenSet } from '../../src/contract/ecosystems/maven/install.ts'
import { common, folder, home, repository, seedFolder, shim } from './paths.ts'
import {
  broughtPackages,
  graphLogger,
  type ResolvedModules,
  type ResolvedPackages,
  readGraphs,
  withoutGraphs,
} from './resolved.ts'
import { testPlugins, testProviders } from './testProviders.ts'

const plugins = 'org.apache.maven.plugins'
const resolving = `${plugins}:maven-compiler-plugin:testCompile`
/** Goals that make Maven resolve what a build of a packaging needs; each is told to do nothing. */
const goals = (packaging: string): string[] =>
  packaging === 'pom'
    ? [resolving]
    : [
        `${plugins}:maven-resources-plugin:help`,
        resolving,
        `${plugins}:maven-surefire-plugin:help`,
        `${plugins}:maven-${packaging === 'maven-plugin' ? 'plugin' : packaging}-plugin:help`,
      ]
/** What a resolver of 1.9 or later, which Maven 3.9 brings, takes to fetch more than a few files at a time. */
const atOnce = ['-Daether.connector.basic.threads=16', '-Daether.metadataResolver.threads=16']
/** It reads POMs breadth first, side by side; a build's own graph is left to the collector that the build itself has. */
const breadthFirst = ['-Daether.dependencyCollector.impl=bf', '-Daether.dependencyCollector.bf.threads=16']
const graphOption = `-Dorg.slf4j.simpleLogger.log.${graphLogger}=debug`
/** What has been asked for so far, beside the local repository. */
const setsFile = 'sets.json'
const maxLogBytes = 64_000_000
const nothing = ['-Dmaven.main.skip=true', '-Dmaven.test.skip=true', '-DskipTests=true']

/** Unpacks Maven and fills the local repository. Runs no code of the workspace, whose POMs are reduced ones. */
export function install(): number {
  if (process.env.DRYDOCK_SEED === 'whole') return takeSeed()
  const plan = MavenInstall.parse(JSON.parse(readFileSync(join(folder, 'install.json'), 'utf8')))
  unpack()
  startFromSeed()
  for (const { artifact, pom } of plan.empty) putEmpty(artifact, pom)
  const resolved: Graphs = { modules: {}, packages: {} }
  for (const [packaging, poms] of Object.entries(plan.modules)) {
    const modules = poms.map((path) => (path === 'pom.xml' ? '.' : path.replace(/\/pom\.xml$/, '')))
    const status = graphs(resolved, [
      '-fae',
      ...plan.args,
      '-pl',
      modules.join(','),
      ...nothing,
      ...goals(packaging),
    ])
    if (status !== 0) return status
  }
  const { modules, packages } = resolved
  writeFileSync(join(folder, 'resolved.json'), JSON.stringify(modules))
  writeFileSync(join(folder, 'packages.json'), JSON.stringify(broughtPackages(modules, packages)))
  resolveSets(newSets([...plan.sets, ...providers(plan.sets, packages), { artifacts: [injected] }]))
  return 0
}

/** Those that the store it began with was not asked for: what could not be had then is told by the build that needs it. */
function newSets(sets: readonly MavenSet[]): readonly MavenSet[] {
  const before = join(seedFolder, setsFile)
  const known = z.array(MavenSet).parse(JSON.parse(existsSync(before) ? readFileSync(before, 'utf8') : '[]'))
  const taken = new Set(known.map((set) => JSON.stringify(set)))
  const fresh = sets.filter((set) => {
    const key = JSON.stringify(set)
    const isNew = !taken.has(key)
    taken.add(key)
    return isNew
  })
  writeFileSync(join(folder, setsFile), JSON.stringify([...known, ...fresh]))
  return fresh
}

/** What Maven itself adds to a plugin that names no version of it (`PlexusUtilsInjector` of Maven 3). */
const injected: MavenArtifact = {
  groupId: 'org.codehaus.plexus',
  artifactId: 'plexus-utils',
  version: '1.1',
}

function unpack(): void {
  mkdirSync(home, { recursive: true })
  const archive = join(folder, 'maven.tar.gz')
  const args = ['-x', '-z', '-f', archive, '--strip-components=1', '--no-same-owner', '-C', home]
  const { status } = spawnSync('/bin/tar', args, { stdio: 'inherit' })
  if (status !== 0) throw new Error('the distribution of Maven could not be unpacked')
  rmSync(archive)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  const quoted = [`${home}/bin/mvn`, '-o', ...common].map((word) => `'${word}'`)
  writeFileSync(shim, `#!/bin/sh\nexec ${quoted.join(' ')} "$@"\n`, { mode: 0o755 })
}

/** The same was installed before: all of it, with what it resolved. */
function takeSeed(): number {
  const { status } = spawnSync('/bin/cp', ['-a', `${seedFolder}/.`, folder], { stdio: 'inherit' })
  rmSync(join(folder, 'maven.tar.gz'), { force: true })
  return status ?? 1
}

/** What came before is there already; what could not be had is asked for again. */
function startFromSeed(): void {
  if (!existsSync(seedFolder)) return
  spawnSync('/bin/cp', ['-a', join(seedFolder, 'repository'), repository], { stdio: 'inherit' })
  spawnSync('/usr/bin/find', [repository, '-name', '*.lastUpdated', '-delete'], { stdio: 'inherit' })
}

/** An empty jar where Maven looks for one, as if it had been installed here. */
function putEmpty({ groupId, artifactId, version, classifier }: MavenArtifact, pom: boolean): void {
  const at = join(repository, ...groupId.split('.'), artifactId, version)
  const file = join(at, `${artifactId}-${version}`)
  mkdirSync(at, { recursive: true })
  copyFileSync(join(folder, 'empty.jar'), `${file}${classifier === undefined ? '' : `-${classifier}`}.jar`)
  const own = `<groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version>`
  if (pom) writeFileSync(`${file}.pom`, `<project><modelVersion>4.0.0</modelVersion>${own}</project>`)
}

function maven(cwd: string, args: readonly string[]): number {
  const run = spawnSync(`${home}/bin/mvn`, [...common, '-q', ...args], { cwd, stdio: 'inherit' })
  return run.status ?? 1
}

interface Graphs {
  readonly modules: ResolvedModules
  readonly packages: ResolvedPackages
}

/** A run in the workspace that tells what it resolved; its log without that goes on. */
function graphs({ modules, packages }: Graphs, args: readonly string[]): number {
  const options = [...common, '-q', ...atOnce, ...args]
  const env = { ...process.env, MAVEN_OPTS: `${process.env.MAVEN_OPTS ?? ''} ${graphOption}` }
  const run = spawnSync(`${home}/bin/mvn`, options, {
    ...{ env, encoding: 'utf8', maxBuffer: maxLogBytes },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  readGraphs(run.stdout, modules, packages)
  process.stdout.write(withoutGraphs(run.stdout))
  return run.status ?? 1
}

/** Versions of an artifact that have come so far. */
function versionsOf(group: string, artifact: string): string[] {
  const path = join(repository, ...group.split('.'), artifact)
  if (!existsSync(path)) return []
  const entries = readdirSync(path, { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
}

/** What surefire and failsafe resolve only once they see a test. */
function providers(sets: readonly MavenSet[], packages: ResolvedPackages): MavenSet[] {
  const declared = sets.flatMap(({ root }) => root ?? [])
  const surefire = new Set([
    ...testPlugins.flatMap((name) => versionsOf(plugins, name)),
    ...declared.filter(({ artifactId }) => testPlugins.includes(artifactId)).map(({ version }) => version),
  ])
  const came = {
    platforms: versionsOf('org.junit.platform', 'junit-platform-engine'),
    junit: versionsOf('junit', 'junit').length > 0,
    testng: versionsOf('org.testng', 'testng').length > 0,
  }
  return testProviders([...surefire], came, packages).map((root) => ({ root, artifacts: [] }))
}

/** Each set is a module of a build of our own; one that cannot be resolved is told by the offline build that needs it. */
function resolveSets(sets: readonly MavenSet[]): void {
  const [compiler] = versionsOf(plugins, 'maven-compiler-plugin')
  if (sets.length === 0) return
  const root = '/tmp/drydock-sets'
  mkdirSync(root, { recursive: true })
  const written: string[] = []
  const writeModule = (name: string, body: string): void => {
    mkdirSync(join(root, name))
    writeFileSync(join(root, name, 'pom.xml'), project(name, body))
    written.push(name)
  }
  for (const [index, set] of sets.entries()) {
    const name = `m${index}`
    const { optional = [] } = set
    const beside = optional.length === 0 ? [] : [modulePom(`${name}-optional`)]
    if (beside.length > 0) writeModule(`${name}-optional`, dependencies(optional))
    writeModule(name, bodyOf(set, beside))
  }
  const modules = written.map((name) => `<module>${name}</module>`).join('')
  writeFileSync(join(root, 'pom.xml'), project('sets', `<modules>${modules}</modules>`))
  const goal = `${plugins}:maven-compiler-plugin${compiler === undefined ? '' : `:${compiler}`}:testCompile`
  const sideBySide = canFetchSideBySide() ? ['-T', '8', ...atOnce, ...breadthFirst] : []
  maven(root, ['-fn', ...sideBySide, ...nothing, goal])
}

/** Older resolvers let two modules write one file of the local repository at a time. */
function canFetchSideBySide(): boolean {
  const names = readdirSync(join(home, 'lib'))
  return names.some((name) => /^maven-resolver-impl-(?:1\.9|[2-9])\b/.test(name))
}

const ours = 'drydock'

function project(name: string, body: string): string {
  const own = `<modelVersion>4.0.0</modelVersion><groupId>${ours}</groupId><artifactId>${name}</artifactId>`
  return `<project>${own}<version>1</version><packaging>pom</packaging>${body}</project>`
}

/** Another module as a dependency: what it names is one step farther than what is named beside it. */
function modulePom(name: string): MavenArtifact {
  return { groupId: ours, artifactId: name, version: '1', type: 'pom' }
}

function bodyOf({ root, artifacts }: MavenSet, beside: readonly MavenArtifact[]): string {
  if (root === undefined) return dependencies(artifacts)
  const { groupId, artifactId, version } = root
  const pom = { groupId, artifactId, version, type: 'pom', scope: 'import' }
  const managed = `<dependencyManagement>${dependencies([pom])}</dependencyManagement>`
  return managed + dependencies([root, ...artifacts, ...beside])
}

function dependencies(list: readonly object[]): string {
  const written = list.map((one) => {
    const parts = Object.entries(one).map(([name, value]) => `<${name}>${xmlText(String(value))}</${name}>`)
    return `<dependency>${parts.join('')}</dependency>`
  })
  return `<dependencies>${written.join('')}</dependencies>`
}

function xmlText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
