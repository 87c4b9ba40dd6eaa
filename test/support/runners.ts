import { mkdir, stat } from 'node:fs/promises'
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
