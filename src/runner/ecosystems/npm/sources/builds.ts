import { z } from 'zod'
import { tryJson } from '../../../../contract/json.ts'
import { type InstallScript, installScratch } from '../../recipe.ts'
import { originOf } from './origin.ts'
import type { Source } from './source.ts'

/** A source that is built before it can be used, as package managers do with what comes from git. */
export interface Build {
  /** Name of its folder. */
  readonly key: string
  readonly name: string
  readonly script: string
  /** What the build needs installed, and nothing else of its manifest. */
  readonly manifest: Buffer
}

const specifiers = z.record(z.string(), z.string()).optional().catch(undefined)
const Manifest = z.looseObject({
  scripts: specifiers,
  dependencies: specifiers,
  devDependencies: specifiers,
  optionalDependencies: specifiers,
})
const groups = ['dependencies', 'devDependencies', 'optionalDependencies'] as const

/** Prepares a developer's own repository and nothing that is used. */
const forDevelopers =
  /^\s*(?:npx )?(?:husky|is-ci|simple-git-hooks|lefthook|git config|patch-package)\b[^&;|]*$/

export function buildsOf(sources: readonly Source[]): readonly Build[] {
  return sources.flatMap(({ name, origin, packed, relay }): Build[] => {
    const parsed = Manifest.safeParse(tryJson(packed.manifest))
    const { scripts = {} } = parsed.success ? parsed.data : {}
    const script = ['prepare', 'prepack'].find((one) => scripts[one] !== undefined)
    if (!parsed.success || origin.kind !== 'git' || script === undefined) return []
    if (forDevelopers.test(scripts[script] ?? '')) return []
    const needed = groups.map((group) => [group, fromRegistries(parsed.data[group] ?? {})])
    const manifest = { name: 'build', version: '0.0.0', private: true, ...Object.fromEntries(needed) }
    const key = new URL(relay).pathname.split('/')[2] ?? ''
    return [{ key, name, script, manifest: Buffer.from(JSON.stringify(manifest)) }]
  })
}

function fromRegistries(names: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(names).filter(
      ([name, text]) => originOf(name, text) === undefined && !/^(file|link|portal|workspace|\.)/.test(text),
    ),
  )
}

const scratch = `${installScratch}/build`

/** Inputs of the install container: what each build wants installed, from the relay alone. */
export function buildFiles(builds: readonly Build[], npmrc: Buffer | undefined): ReadonlyMap<string, Buffer> {
  return new Map(
    builds.flatMap(({ key, manifest }) => [
      [`${scratch}/${key}/package.json`, manifest],
      [`${scratch}/${key}/.npmrc`, npmrc ?? Buffer.alloc(0)],
    ]),
  )
}

/** The install, and after it what builds need; where that cannot be had, the build itself says so. */
export function withBuilds(command: readonly string[], builds: readonly Build[]): readonly string[] {
  if (builds.length === 0) return command
  return ['node', '-e', installProgram, JSON.stringify(builds.map(({ key }) => key)), ...command]
}

const installProgram = `
const { spawnSync } = require('node:child_process')
const { cpSync, mkdirSync } = require('node:fs')
const [keys, command, ...args] = process.argv.slice(1)
const { status } = spawnSync(command, args, { stdio: 'inherit' })
process.exitCode = status ?? 1
for (const key of status === 0 ? JSON.parse(keys) : []) {
  const cwd = 'node_modules/.drydock-build/' + key
  mkdirSync(cwd, { recursive: true })
  cpSync('/workspace/${scratch}/' + key, cwd, { recursive: true })
  const quiet = ['--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund', '--no-progress']
  spawnSync('npm', ['install', '--include=dev', '--legacy-peer-deps', ...quiet], { cwd, stdio: 'inherit' })
}
`

/** Offline, in a project container: built beside what is installed, and put into its place. */
export function buildScripts(
  builds: readonly Build[],
  folders: readonly string[],
  env: InstallScript['env'],
): readonly InstallScript[] {
  return builds.map(({ key, name, script }) => ({
    argv: ['node', '-e', buildProgram, key, name, script, ...folders],
    env,
    display: `npm run ${script} (${name})`,
  }))
}

const buildProgram = `
const { spawnSync } = require('node:child_process')
const { cpSync, existsSync, readdirSync, realpathSync, rmSync } = require('node:fs')
const [key, name, script, ...folders] = process.argv.slice(1)
const build = 'node_modules/.drydock-build/' + key
const places = [...folders.map((one) => one + '/node_modules/' + name), 'node_modules/.pnpm/node_modules/' + name]
const place = places.find((one) => existsSync(one))
const left = new Set(['node_modules', '.npmrc', '.git'])
function copy(from, to) {
  for (const entry of readdirSync(from))
    if (!left.has(entry)) cpSync(from + '/' + entry, to + '/' + entry, { recursive: true, force: true })
}
if (place === undefined) console.error(name + ' is not where it was expected')
else {
  const installed = realpathSync(place)
  copy(installed, build)
  const { status } = spawnSync('npm', ['run', script], { cwd: build, stdio: 'inherit' })
  if (status === 0) copy(build, installed)
  process.exitCode = status ?? 1
}
process.exitCode ??= 1
rmSync(build, { recursive: true, force: true })
`
