import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { execa } from 'execa'

const cache = path.resolve(import.meta.dirname, '../.cache/runners')

/** A folder with `name@major` from the registry in its node_modules; kept between test runs. */
export async function installed(name: string, major: number): Promise<string> {
  const folder = path.join(cache, `${name}-${major}`)
  const there = await stat(path.join(folder, 'node_modules', name)).catch(() => undefined)
  if (there !== undefined) return folder
  await mkdir(folder, { recursive: true })
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder]
  await execa('npm', ['install', ...quiet, `${name}@${major}`], { cwd: folder })
  return folder
}

/** A folder with all of these packages in its node_modules, under a name of its own; kept between test runs. */
export async function installedSet(
  name: string,
  packages: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = path.join(cache, name)
  const wanted = Object.entries(packages).map(([one, version]) => `${one}@${version}`)
  const mark = path.join(folder, 'installed')
  const there = await readFile(mark, 'utf8').catch(() => undefined)
  if (there === wanted.join(' ')) return folder
  await mkdir(folder, { recursive: true })
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--loglevel=error', '--prefix', folder]
  await execa('npm', ['install', ...quiet, ...wanted], { cwd: folder })
  await writeFile(mark, wanted.join(' '))
  return folder
}
