import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce'

const root = resolve(import.meta.dirname, '..')
const maxBytes = 3_000_000
/** Folders that are shipped as they are, beside what esbuild makes. */
const shipped = ['media', 'schemas', 'prompts', 'sandbox/images', 'CHANGELOG.md', 'LICENSE', '.vscodeignore']

/** What may stand in the package; anything else is a mistake. */
const allowed = [
  /^package\.json$/,
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^dist\/(drydock|launch|releaseReader)\.mjs$/,
  /^dist\/chunks\/[\w.-]+\.mjs$/,
  /^dist\/extension\/(extension|later)\.cjs$/,
  /^dist\/webview\/[\w./-]+\.(js|css|ttf|woff2?)$/,
  /^dist\/sandbox\/([\w-]+\.mjs|reporters\/[\w-]+\.[cm]js)$/,
  /^dist\/([\w-]+\/)*[\w.-]+\.LEGAL\.txt$/,
  /^media\/([\w-]+\/)*[\w-]+\.(svg|png|md)$/,
  /^schemas\/[\w.-]+\.json$/,
  /^prompts\/(agent|judge)\/[\w-]+\.md$/,
  /^prompts\/ecosystems\/[a-z]\w*\/agent\.md$/,
  /^sandbox\/images\/[\w.-]+$/,
]

/**
 * `package.ts [FILE [REPOSITORY]]`: the extension as a .vsix, checked for its size and for files that do not belong in it;
 * with the repository's https address it has the gallery's links and pictures.
 */
async function main(target = join(root, 'drydock.vsix'), given?: string): Promise<void> {
  const repository = given?.replace(/(\.git)?\/?$/, '')
  if (repository !== undefined && !/^https:\/\/[^/\s]+\/\S+$/.test(repository))
    throw new Error(`${given} is not the https address of a repository.`)
  const stage = await mkdtemp(join(tmpdir(), 'drydock-package-'))
  try {
    await fill(stage, repository)
    const strangers = (await listFiles({ cwd: stage, packageManager: PackageManager.None })).filter(
      (file) => file !== '.vscodeignore' && !allowed.some((pattern) => pattern.test(file)),
    )
    if (strangers.length > 0)
      throw new Error(`These files do not belong in the package:\n${strangers.join('\n')}`)
    await createVSIX({
      cwd: stage,
      packagePath: target,
      ...{ dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false },
    })
    const { size } = await stat(target)
    process.stdout.write(`${target}: ${(size / 1_000_000).toFixed(2)} MB\n`)
    if (size > maxBytes) throw new Error(`The package has ${size} bytes; at most ${maxBytes} are allowed.`)
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

/** Repository, bugs and home page, where the address of the repository is known. */
function linksTo(url: string | undefined): Readonly<Record<string, unknown>> {
  if (url === undefined) return {}
  return {
    repository: { type: 'git', url: `${url}.git` },
    bugs: { url: `${url}/issues` },
    homepage: `${url}#readme`,
  }
}

/** A gallery shows pictures by absolute address alone: without one it has none. */
function withPictures(text: string, url: string | undefined): string {
  if (url === undefined) return text.replace(/^!\[[^\]]*\]\([\w-]+\.png\)\n\n?/gm, '')
  return text.replace(/\]\(([\w-]+\.png)\)/g, `](${url}/raw/HEAD/docs/$1)`)
}

async function fill(stage: string, repository: string | undefined): Promise<void> {
  const run = promisify(execFile)
  await run(process.execPath, [join(root, 'esbuild.mjs'), '--package', join(stage, 'dist')])
  for (const path of shipped) await cp(join(root, path), join(stage, path), { recursive: true })
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>
  // vsce takes either `files` or .vscodeignore, and a bundle has no dependencies.
  for (const key of [
    ...['files', 'scripts', 'dependencies', 'devDependencies', 'peerDependencies', 'peerDependenciesMeta'],
    ...['private', 'bin'],
  ])
    delete manifest[key]
  const linked = { ...manifest, ...linksTo(repository) }
  await writeFile(join(stage, 'package.json'), `${JSON.stringify(linked, undefined, 2)}\n`)
  const gallery = await readFile(join(root, 'docs/gallery.md'), 'utf8')
  await writeFile(join(stage, 'README.md'), withPictures(gallery, repository))
  if ((await readdir(join(stage, 'dist'))).length < 4) throw new Error('The build is not complete.')
}

try {
  await main(process.argv[2], process.argv[3])
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
