import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce'

const root = resolve(import.meta.dirname, '..')
const maxBytes = 3_000_000
/** Folders that are shipped as they are, beside what esbuild makes. */
const shipped = [
  'media',
  'schemas',
  'prompts',
  'sandbox/images',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  '.vscodeignore',
]

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

/** `package.ts [FILE]`: the extension as a .vsix, checked for its size and for files that do not belong in it. */
async function main(target = join(root, 'drydock.vsix')): Promise<void> {
  const stage = await mkdtemp(join(tmpdir(), 'drydock-package-'))
  try {
    await fill(stage)
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

async function fill(stage: string): Promise<void> {
  const run = promisify(execFile)
  await run(process.execPath, [join(root, 'esbuild.mjs'), '--package', join(stage, 'dist')])
  for (const path of shipped) await cp(join(root, path), join(stage, path), { recursive: true })
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as Record<string, unknown>
  // vsce takes either `files` or .vscodeignore, and a bundle has no dependencies.
  for (const key of ['files', 'scripts', 'dependencies', 'devDependencies', 'private', 'bin'])
    delete manifest[key]
  await writeFile(join(stage, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
  // Pictures of the repository are not shipped.
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  await writeFile(join(stage, 'README.md'), readme.replace(/^!\[[^\]]*\]\((?!https:)[^)]*\)\n/gm, ''))
  if ((await readdir(join(stage, 'dist'))).length < 4) throw new Error('The build is not complete.')
}

try {
  await main(process.argv[2])
} catch (error) {
  process.stderr.write(`package: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
