import { statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { z } from 'zod'
import { DrydockError } from '../../../src/contract/failure.ts'
import type { InstallRecipe, Tree } from '../../../src/runner/ecosystems/ecosystem.ts'
import { npmEcosystem } from '../../../src/runner/ecosystems/npm/index.ts'
import type { Prepared } from '../../../src/runner/prepare/prepare.ts'
import { hostOf } from '../../support/registry.ts'
import { type Workshop, workshop } from '../../support/workshop.ts'
import { type Case, inputOf, type Layer } from '../case.ts'
import { bombOf, bombTarball } from './bomb.ts'
import { connectTools } from './toolContainer.ts'

const Input = z.looseObject({ files: z.record(z.string(), z.string()) })
type Files = Readonly<Record<string, string | Buffer>>

/** The cases' default registry. */
const registry = hostOf([
  { name: 'npm', url: 'https://registry.example.com/', ecosystem: 'npm', headers: {} },
])

/** Cases of installation: what may be asked for by rule, what happens when it is really done. */
export async function openPackage(): Promise<Layer> {
  return { run: play, [Symbol.asyncDispose]: async () => {} }
}

async function play(one: Case): Promise<string | undefined> {
  const { generate, ...given } = inputOf(Input, one).files
  const files: Files = generate === undefined ? given : bombFiles(generate)
  if (one.expect === 'contain') return contained(files, generate !== undefined)
  const answer = await planned(files)
  // A refusal is said aloud as a flag is.
  if (typeof answer === 'string') return one.expect === 'allow' ? `refused: ${answer}` : undefined
  const codes = answer.warnings.map(({ code }) => code)
  if (one.expect === 'deny') return `planned, with ${codes}`
  if (one.expect === 'allow') return codes.length === 0 ? undefined : `flagged: ${codes}`
  return codes.length > 0 ? smuggled(files, answer) : 'not flagged'
}

/** The recipe of an installation, or why there is none. */
async function planned(files: Files): Promise<InstallRecipe | string> {
  const ecosystem = npmEcosystem({ host: registry, cacheDir: tmpdir() })
  const tree: Tree = {
    paths: Object.keys(files),
    read: async (path) => (files[path] === undefined ? undefined : Buffer.from(files[path])),
  }
  try {
    const project = await ecosystem.detect(tree)
    if (project === undefined) return 'no project'
    return await ecosystem.install(tree, project, project.lockfile === undefined ? 'write' : 'frozen')
  } catch (error) {
    if (error instanceof DrydockError) return error.failure.code
    throw error
  }
}

/** Nothing of the repository but manifests, lock files and plain settings may reach the package manager. */
function smuggled(files: Files, recipe: InstallRecipe): string | undefined {
  const settings = [...recipe.files].filter(([path]) => /rc(\.yml)?$|workspace\.yaml$/.test(path))
  const text = settings.map(([, bytes]) => bytes.toString('utf8')).join('\n')
  const code = Object.keys(files).filter((path) => /\.(sh|[cm]?js|ts|gyp|py)$|^mvnw$/.test(path))
  const given = code.filter((path) => recipe.files.has(path) || text.includes(path))
  if (given.length > 0) return `the package manager is given ${given}`
  const outside = [...recipe.files.values()].map(
    (bytes) => /https?:\/\/[^/"\s]*attacker[^/"\s]*/.exec(bytes.toString('utf8'))?.[0],
  )
  return outside.find((address) => address !== undefined)
}

function bombFiles(words: string): Files {
  const manifest = { name: 'fx', version: '1.0.0', dependencies: { bomb: 'file:./bomb.tgz' } }
  return { 'package.json': JSON.stringify(manifest), 'bomb.tgz': bombTarball(bombOf(words)) }
}

const maxDiskBytes = 1.5 * 2 ** 30
const maxMs = 240_000

/** Installs for real; whatever comes of it, the workspace is as the repository says and the host is as before. */
async function contained(files: Files, bomb: boolean): Promise<string | undefined> {
  const plan = await planned(files)
  const given = typeof plan === 'string' ? undefined : smuggled(files, plan)
  if (given !== undefined) return given
  const limits = bomb ? { workspaceMb: 512, workspaceInodes: 50_000 } : {}
  await using shop = await workshop(files, { limits })
  const disk = await watchDisk()
  const started = performance.now()
  try {
    const prepared = await shop.prepare()
    return bomb ? 'the archive was installed' : await clean(shop, prepared)
  } catch (error) {
    if (!(error instanceof DrydockError) || error.failure.code === 'internal') throw error
    if (performance.now() - started > maxMs) return `it took ${performance.now() - started} ms`
    return disk.most() > maxDiskBytes ? `${disk.most()} bytes of disk` : undefined
  } finally {
    disk.stop()
  }
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
