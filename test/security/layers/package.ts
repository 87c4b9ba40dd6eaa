import { statfs } from 'node:fs/promises'
import { z } from 'zod'
import { DrydockError } from '../../../src/contract/failure.ts'
import { PREPARED_FACTOR } from '../../../src/runner/docker/watchdog.ts'
import { mavenEcosystem } from '../../../src/runner/ecosystems/maven/index.ts'
import { usualMaven } from '../../../src/runner/ecosystems/maven/wrapper.ts'
import { npmEcosystem } from '../../../src/runner/ecosystems/npm/index.ts'
import type { Tree } from '../../../src/runner/ecosystems/project.ts'
import type { InstallRecipe } from '../../../src/runner/ecosystems/recipe.ts'
import type { Prepared } from '../../../src/runner/prepare/prepare.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { type TestMavenRepository, testMavenRepository } from '../../support/mavenRepository.ts'
import { hostOf } from '../../support/registry.ts'
import { type Workshop, workshop } from '../../support/workshop.ts'
import { type Case, inputOf, type Layer, Malformed } from '../case.ts'
import { type Bomb, bombOf, bombTarball } from './bomb.ts'
import { connectTools } from './toolContainer.ts'

const Input = z.looseObject({ files: z.record(z.string(), z.string()) })
type Files = Readonly<Record<string, string | Buffer>>

/** The cases' default registry. */
const registry = hostOf([{ name: 'npm', url: 'https://registry.example.com/', headers: {} }])

/** Cases of installation: what may be asked for by rule, what happens when it is really done. */
export async function openPackage(): Promise<Layer> {
  return { run: play, [Symbol.asyncDispose]: async () => {} }
}

async function play(one: Case): Promise<string | undefined> {
  const { generate, ...given } = inputOf(Input, one).files
  const bomb = generate === undefined ? undefined : bombOf(generate)
  const files: Files = bomb === undefined ? given : bombFiles(bomb)
  if (one.expect === 'contain') return contained(files, bomb)
  const answer = await planned(files)
  // A refusal is said aloud as a flag is.
  if (typeof answer === 'string') return one.expect === 'allow' ? `refused: ${answer}` : undefined
  const codes = answer.warnings.map(({ code }) => code)
  // Configuration is denied by being withheld, where the report says so.
  if (one.expect === 'deny')
    return codes.some((code) => /^not-(run|asked):/.test(code))
      ? smuggled(files, answer)
      : `planned, with ${codes}`
  if (one.expect === 'allow') return codes.length === 0 ? undefined : `flagged: ${codes}`
  return codes.length > 0 ? smuggled(files, answer) : 'not flagged'
}

/** The recipe of an installation, or why there is none. */
async function planned(files: Files): Promise<InstallRecipe | string> {
  const tree: Tree = {
    paths: Object.keys(files),
    read: async (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
  }
  await using folder = await temporaryFolder()
  await using maven = isMaven(files) ? await mavenRepository() : undefined
  const ecosystem =
    maven === undefined
      ? npmEcosystem({ host: registry, cacheDir: folder.path })
      : mavenEcosystem({ host: maven.host, cacheDir: folder.path })
  try {
    const project = await ecosystem.detect(tree)
    if (project === undefined) throw new Malformed('the files are no project')
    return await ecosystem.install(tree, project, project.locks.length === 0 ? 'write' : 'frozen')
  } catch (error) {
    if (error instanceof DrydockError) return error.failure.code
    throw error
  }
}

function isMaven(files: Files): boolean {
  return files['package.json'] === undefined && files['pom.xml'] !== undefined
}

/** Has Maven itself and nothing else. */
async function mavenRepository(): Promise<TestMavenRepository> {
  const repository = await testMavenRepository({})
  const path = `org/apache/maven/apache-maven/${usualMaven}/apache-maven-${usualMaven}-bin.tar.gz`
  repository.files.set(path, Buffer.from('maven'))
  return repository
}

/** Nothing of the repository but manifests, lock files and plain settings may reach the package manager. */
function smuggled(files: Files, recipe: InstallRecipe): string | undefined {
  const settings = [...recipe.files].filter(([path]) => /rc(\.yml)?$|workspace\.yaml$/.test(path))
  const text = settings.map(([, bytes]) => bytes.toString('utf8')).join('\n')
  const code = Object.keys(files).filter((path) => /\.(sh|[cm]?js|ts|gyp|py)$|^mvnw$/.test(path))
  const given = code.filter((path) => recipe.files.has(path) || text.includes(path))
  if (given.length > 0) return `the package manager is given ${given}`
  const withheld = [...recipe.files.keys()].filter((path) => /(^|\/)(\.mvn\/|\.yarn\/(?!patches))/.test(path))
  if (withheld.length > 0) return `the package manager is given ${withheld}`
  const settled = recipe.store?.get('m2/settings.xml')?.includes('<mirrorOf>*</mirrorOf>') === true
  if (isMaven(files) && !settled) return 'Maven may ask any repository'
  const outside = [...recipe.files].map(
    ([path, bytes]) =>
      /https?:\/\/[^/"\s]*attacker[^/"\s]*/.exec(followed(path, bytes.toString('utf8')))?.[0],
  )
  return outside.find((address) => address !== undefined)
}

/** What of a file a package manager may follow: scripts are ignored, and metadata leads nowhere. */
function followed(path: string, text: string): string {
  // All repositories are mirrored by the relay, those that a POM names as well.
  if (path.endsWith('pom.xml')) return ''
  if (!path.endsWith('package.json')) return text
  return JSON.stringify({
    ...JSON.parse(text),
    scripts: {},
    repository: '',
    bugs: '',
    homepage: '',
    funding: '',
    publishConfig: {},
  })
}

function bombFiles(bomb: Bomb): Files {
  const manifest = { name: 'fx', version: '1.0.0', dependencies: { bomb: 'file:./bomb.tgz' } }
  return { 'package.json': JSON.stringify(manifest), 'bomb.tgz': bombTarball(bomb) }
}

/** Small, so that a bomb need not be a large one. */
const bombLimits = { workspaceMb: 128, workspaceInodes: 12_500 }
const maxDiskBytes = 1.5 * 2 ** 30
/** The install's own limit, and what it takes to end it. */
const maxMs = 300_000

/** Installs for real; whatever comes of it, the workspace is as the repository says and the host is as before. */
async function contained(files: Files, bomb: Bomb | undefined): Promise<string | undefined> {
  const plan = await planned(files)
  const given = typeof plan === 'string' ? undefined : smuggled(files, plan)
  // Maven's own installs are tried end to end elsewhere.
  if (given !== undefined || isMaven(files)) return given
  await using shop = await workshop(files, { limits: bomb === undefined ? {} : bombLimits })
  const disk = await watchDisk()
  const started = performance.now()
  try {
    const prepared = await shop.prepare()
    return isTooMuch(bomb) ? 'the archive was installed' : await clean(shop, prepared)
  } catch (error) {
    if (!(error instanceof DrydockError) || error.failure.code === 'internal') throw error
    if (performance.now() - started > maxMs) return `it took ${performance.now() - started} ms`
    return disk.most() > maxDiskBytes ? `${disk.most()} bytes of disk` : undefined
  } finally {
    disk.stop()
  }
}

function isTooMuch(bomb: Bomb | undefined): boolean {
  const bytes = (bomb?.bytes ?? 0) / 2 ** 20
  return (
    bytes > PREPARED_FACTOR * bombLimits.workspaceMb ||
    (bomb?.files ?? 0) > PREPARED_FACTOR * bombLimits.workspaceInodes
  )
}

async function watchDisk() {
  const free = async () => {
    const { bavail, bsize } = await statfs('/var/lib')
    return bavail * bsize
  }
  const before = await free()
  const seen = { most: 0 }
  const timer = setInterval(async () => {
    seen.most = Math.max(seen.most, before - (await free()))
  }, 200)
  return { most: () => seen.most, stop: () => clearInterval(timer) }
}

/** Looks at the prepared workspace, and uses the tools on it: nothing of the packages may run or be in their way. */
async function clean(shop: Workshop, prepared: Prepared): Promise<string | undefined> {
  const { sandbox } = shop.box
  const image = await shop.box.image({ kind: 'agent' })
  const workspace = await sandbox.workspace(prepared.workspace)
  const container = await sandbox.start({
    kind: 'agent',
    image,
    command: ['/bin/sleep', 'infinity'],
    workspace,
  })
  try {
    await using tools = await connectTools(shop.box.engine.docker, container, prepared.tree, '/workspace')
    const status = await tools.call('Git', { args: ['status', '--porcelain'] })
    if (status.text.trim() !== '' && !/clean|no output/i.test(status.text))
      return `the work tree differs: ${status.text}`
    for (const command of ['rg -n name .', 'cat package.json', 'find . -name package.json']) {
      const { isError, text } = await tools.call('Bash', { command })
      if (isError) return `${command}: ${text}`
    }
    await tools.call('Git', { args: ['diff'] })
    const seen = await tools.look()
    if (seen.executed) return 'something was executed'
    const hooks = seen.metadata.split('\n').filter((line) => /\/hooks\//.test(line))
    return hooks.length > 0 ? `hooks were planted: ${hooks}` : undefined
  } finally {
    await container.remove()
    await workspace.dispose()
  }
}
