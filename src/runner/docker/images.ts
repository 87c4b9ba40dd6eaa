import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pRetry from 'p-retry'
import tar from 'tar-stream'
import { failures } from '../../contract/failures.ts'
import { recipeFor } from '../toolchains/index.ts'
import type { ImageNeed } from '../toolchains/need.ts'
import { type Arch, isSuite, type Package, type Recipe, type Suite } from '../toolchains/recipe.ts'
import { type BuildContext, ensureBase, imageId } from './baseImage.ts'
import { follow } from './follow.ts'
import { evictImages } from './imageEviction.ts'
import { CACHE_LABEL, statusOf } from './labels.ts'
import { packPackage } from './packages.ts'
import type { Image } from './sandbox.ts'

export interface ImageContext extends BuildContext {
  /** Folder that holds `sandbox/images` and `dist/sandbox`. */
  readonly assets: string
}

type Files = ReadonlyMap<string, Buffer>

/** The image that answers a need, built with everything below it where it is not there yet. */
export async function ensureImage(context: ImageContext, need: ImageNeed): Promise<Image> {
  const plan = await planImage(context, need)
  if (!(await imageId(context.docker, plan.tag))) await inTurn(context, () => buildPlan(context, plan))
  const image = await builtImage(context, need, plan)
  if (!image) throw failures.imageBuildFailed(plan.tag, 'the engine does not know it after the build')
  return image
}

async function buildPlan(context: ImageContext, plan: ImagePlan): Promise<void> {
  // Whoever built before may have built this.
  if (await imageId(context.docker, plan.tag)) return
  await ensureRecipe(context, plan.recipe)
  await build(context, plan.tag, { BASE: plan.toolchain }, plan.files)
}

/** One build after the other, across sessions: what one clears away another would miss, and two would make the same. */
async function inTurn(context: ImageContext, work: () => Promise<void>): Promise<void> {
  const { builds, onProgress, signal = new AbortController().signal } = context
  if (builds === undefined) return work()
  const waiting = () => onProgress('Waiting until another image is built')
  const turn = await builds(signal, waiting).catch((error: unknown) => {
    throw signal.aborted ? failures.cancelled() : error
  })
  try {
    await work()
  } finally {
    await turn.release()
  }
}

/** The image that answers a need where it is built already. */
export async function findImage(context: ImageContext, need: ImageNeed): Promise<Image | undefined> {
  return builtImage(context, need, await planImage(context, need))
}

interface ImagePlan {
  readonly recipe: Recipe
  readonly tag: string
  /** Tag of the image below it. */
  readonly toolchain: string
  readonly files: Files
}

async function planImage(context: ImageContext, need: ImageNeed): Promise<ImagePlan> {
  const { assets } = context
  const packages: unknown = JSON.parse(await readFile(imageFile(assets, 'packages.json'), 'utf8'))
  const recipe = await recipeFor(need, { packages, arch: await architecture(context) })
  const dockerfile = await readFile(imageFile(assets, 'programs.Dockerfile'))
  const programs = await readPrograms(join(assets, 'dist/sandbox'))
  const toolchain = await tagOf(assets, recipe)
  const tag = `drydock/${recipe.name}-run:${digest([toolchain, dockerfile, ...programs.keys(), ...programs.values()])}`
  return { recipe, tag, toolchain, files: new Map([['Dockerfile', dockerfile], ...programs]) }
}

async function builtImage(
  { docker }: ImageContext,
  need: ImageNeed,
  { tag, toolchain }: ImagePlan,
): Promise<Image | undefined> {
  const [id, chain] = await Promise.all([imageId(docker, tag), imageId(docker, toolchain)])
  return id ? { id, digest: chain ?? id, need } : undefined
}

const imageFile = (assets: string, name: string) => join(assets, 'sandbox/images', name)

function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(`${part.length}:`).update(part)
  return hash.digest('hex').slice(0, 16)
}

async function architecture(context: BuildContext): Promise<Arch> {
  const { Arch } = await context.docker.version()
  if (Arch === 'amd64') return 'x64'
  if (Arch === 'arm64') return 'arm64'
  throw failures.unsupportedToolchain(`the engine's architecture ${Arch}`, 'amd64, arm64')
}

async function readPrograms(folder: string): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
  if (names.length === 0) {
    throw failures.imageBuildFailed('with Drydock’s programs', 'dist/sandbox is empty; run `npm run build`')
  }
  const files = names.map(async (name) => [`drydock/${name}`, await readFile(join(folder, name))] as const)
  return new Map(await Promise.all(files))
}

async function tagOf(assets: string, recipe: Recipe): Promise<string> {
  const dockerfile = await readFile(imageFile(assets, `${recipe.dockerfile}.Dockerfile`))
  const from = isSuite(recipe.from) ? recipe.from.image : await tagOf(assets, recipe.from)
  const inputs = JSON.stringify([recipe.args, recipe.packages])
  return `drydock/${recipe.name}:${digest([from, dockerfile, inputs])}`
}

async function ensureRecipe(context: ImageContext, recipe: Recipe): Promise<string> {
  const tag = await tagOf(context.assets, recipe)
  if (await imageId(context.docker, tag)) return tag
  const base = await ensureFrom(context, recipe.from)
  context.onProgress(`Building ${recipe.name}`)
  const dockerfile = await readFile(imageFile(context.assets, `${recipe.dockerfile}.Dockerfile`))
  const files = await contextFiles(context, recipe)
  await build(context, tag, { ...recipe.args, BASE: base }, new Map([['Dockerfile', dockerfile], ...files]))
  return tag
}

function ensureFrom(context: ImageContext, from: Recipe | Suite): Promise<string> {
  return isSuite(from) ? ensureBase(context, from) : ensureRecipe(context, from)
}

async function contextFiles(context: ImageContext, recipe: Recipe): Promise<Files> {
  const files = new Map<string, Buffer>([['ca.pem', await certificates(context)]])
  for (const [name, wanted] of Object.entries(recipe.packages)) {
    context.onProgress(`Fetching ${describe(wanted)}`)
    files.set(`packages/${name}`, await packPackage(wanted, context.signal))
  }
  return files
}

const describe = (wanted: Package) => `${wanted.name} ${wanted.version}`

// Public certificates only; a mirror behind an inspecting proxy needs them.
async function certificates(context: BuildContext): Promise<Buffer> {
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = context.env
  const paths = [...new Set([SSL_CERT_FILE, NODE_EXTRA_CA_CERTS])].filter((path) => path !== undefined)
  const found = await Promise.all(paths.map((path) => readFile(path).catch(() => Buffer.alloc(0))))
  return Buffer.concat(found)
}

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'http_proxy', 'https_proxy', 'no_proxy']

async function build(
  context: ImageContext,
  tag: string,
  args: Readonly<Record<string, string>>,
  files: Files,
): Promise<void> {
  // Predefined build arguments: the engine keeps them out of the image and its history.
  const proxies = PROXY_VARIABLES.flatMap((name) => (context.env[name] ? [[name, context.env[name]]] : []))
  const options = {
    t: tag,
    buildargs: { ...Object.fromEntries(proxies), ...args },
    rm: true,
    forcerm: true,
    // Podman keeps an image of each step otherwise, and builds nothing twice here.
    layers: false,
    ...(context.signal && { abortSignal: context.signal }),
  }
  const log: string[] = []
  try {
    await pRetry(
      async () => {
        log.length = 0
        await follow(await context.docker.buildImage(contextArchive(files), options), (text) =>
          log.push(text),
        )
      },
      { retries: 3, minTimeout: 100, shouldRetry: ({ error }) => lostStage(error) },
    )
    await pruneStages(context)
    await evictImages(context.docker, tag.split(':')[0] ?? tag)
  } catch (error) {
    if (context.signal?.aborted) throw failures.cancelled()
    const said = withoutCommand(error instanceof Error ? error.message : String(error))
    const written = log.join('')
    throw failures.imageBuildFailed(tag, causeIn(written) ?? said, `${written}\n${said}`.slice(-8000).trim())
  }
}

/** An engine quotes the whole command of the step that failed before it says what went wrong. */
function withoutCommand(text: string): string {
  return text.replace(/ ?(\[\/bin\/sh -c [\s\S]*\]|'\/bin\/sh -c [\s\S]*')/, ' a command')
}

/** What a step printed last that reads like a reason: the engine's own word is the whole command, and a number. */
export function causeIn(log: string): string | undefined {
  const lines = log.split('\n').map((line) => line.trim())
  return lines.findLast((line) =>
    /^(E: |error\b|fatal\b|failed\b|[\w./-]+: (error|fatal|cannot|not found))/i.test(line),
  )
}

/** Another session's build has ended meanwhile, and cleared away the first stage of this one. */
function lostStage(error: Error): boolean {
  return /No such image/i.test(error.message)
}

/** The first stages of builds: nothing refers to them once the image is there. Another session may be at it: 409. */
async function pruneStages({ docker }: ImageContext): Promise<void> {
  const filters = { dangling: ['true'], label: [`${CACHE_LABEL}=stage`] }
  await docker.pruneImages({ filters: JSON.stringify(filters) }).catch((error: unknown) => {
    if (statusOf(error) !== 409) throw error
  })
}

/**
 * The label stands in the last stage, and only there: one that is asked for beside the Dockerfile goes to every stage on
 * some engines, where the first ones would then be taken for images.
 */
function contextArchive(files: Files): Readable {
  const pack = tar.pack()
  const label = Buffer.from(`\nLABEL ${CACHE_LABEL}=image\n`)
  for (const [name, bytes] of files)
    pack.entry({ name, mode: 0o644 }, name === 'Dockerfile' ? Buffer.concat([bytes, label]) : bytes)
  pack.finalize()
  return Readable.from(pack)
}
