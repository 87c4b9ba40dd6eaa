import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { openDrydock } from '../test/support/drydock.ts'
import { git } from '../test/support/repository.ts'
import type { BenchRow } from './row.ts'

/** Fifty well-known packages, each some major versions behind. */
const packages =
  `abbrev acorn ajv ansi-regex ansi-styles async balanced-match body-parser boolbase braces chalk chokidar
  color-convert commander concat-map cookie cross-spawn debug depd dotenv escape-string-regexp express glob globby graceful-fs
  has-flag inherits ini is-number js-yaml json5 lodash lru-cache merge2 micromatch mime minimatch mkdirp ms nanoid once p-limit
  picomatch qs rimraf semver slash supports-color uuid yargs`.split(/\s+/)

/** `drydock outdated` on 50 dependencies: the first time, and once the registry's answers are in the cache. */
export async function outdatedRows(): Promise<readonly BenchRow[]> {
  const root = await mkdtemp(join(tmpdir(), 'drydock-outdated-'))
  await mkdir(root, { recursive: true })
  const dependencies = Object.fromEntries(packages.map((name) => [name, '>=0.0.1 <=1.0.0']))
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ name: 'bench', version: '1.0.0', dependencies }),
  )
  await git(root, 'init', '--quiet')
  await git(root, 'add', '--all')
  await git(root, 'commit', '--quiet', '--message', 'Fifty dependencies')
  await using drydock = await openDrydock()
  const times: number[] = []
  for (let run = 0; run < 2; run += 1) {
    const started = performance.now()
    const ended = await drydock.run(['outdated', '--repo', root, '--json'])
    times.push((performance.now() - started) / 1000)
    if (ended.code !== 0) throw new Error(ended.stderr)
  }
  await rm(root, { recursive: true, force: true })
  const [cold = Number.NaN, warm = Number.NaN] = times
  return [
    { what: 'outdated, 50 dependencies, first time', value: cold, unit: 's', goal: 'none', ok: true },
    { what: 'outdated, 50 dependencies, again', value: warm, unit: 's', goal: '≤ 2', ok: warm <= 2 },
  ]
}
