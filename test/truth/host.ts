import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { execa } from 'execa'
import type { Choice } from './choice.ts'
import { managerVersions, type Project } from './project.ts'

type Manager = keyof typeof managerVersions

/** The host as a user of such a project has it: package managers on the PATH, a home, and our registry for our scope. */
export interface Host {
  readonly env: NodeJS.ProcessEnv
  readonly managers: string
  readonly home: string
}

const root = join(import.meta.dirname, '../..')
const packages: Readonly<Record<Manager, readonly [name: string, program: string]>> = {
  npm: ['npm', 'bin/npm-cli.js'],
  pnpm: ['pnpm', 'bin/pnpm.cjs'],
  yarn1: ['yarn', 'bin/yarn.js'],
  yarn4: ['@yarnpkg/cli-dist', 'bin/yarn.js'],
}

/** Makes the home; the package managers are installed once, in the versions that the images carry. */
export async function openHost(home: string, registry: string): Promise<Host> {
  const managers = await installManagers()
  const env = cleanEnvironment(home)
  await mkdir(home, { recursive: true })
  // yarn keeps addresses of tarballs there, and our registry has another port each time.
  await rm(join(home, '.yarn/berry/metadata'), { recursive: true, force: true })
  const npmrc = await readFile(process.env.NPM_CONFIG_USERCONFIG ?? join(homedir(), '.npmrc'), 'utf8').catch(
    () => '',
  )
  await writeFile(join(home, '.npmrc'), `${npmrc}\n@truth:registry=${registry}\n`, { mode: 0o600 })
  const { stdout } = await execa('npm', ['config', 'get', 'registry'], { env, extendEnv: false, cwd: home })
  const server = (url: string) => `npmRegistryServer: "${url.replace(/\/$/, '')}"`
  const yarnrc = [
    server(stdout.trim()),
    `npmScopes:\n  truth:\n    ${server(registry)}`,
    'unsafeHttpWhitelist: ["127.0.0.1"]',
    'enableTelemetry: false',
  ]
  await writeFile(join(home, '.yarnrc.yml'), `${yarnrc.join('\n')}\n`)
  return { env, managers, home }
}

/** Nothing that npm hands to its children, no key, and this machine's certificates and proxies. */
function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !/^(npm_|pnpm_|yarn_|anthropic_|github_|gh_|node_options|node_env|ci$|init_cwd|drydock_)/i.test(name),
  )
  const npmCache = process.env.npm_config_cache ?? join(homedir(), '.npm')
  const docker = process.env.DOCKER_CONFIG ?? join(homedir(), '.docker')
  return {
    ...Object.fromEntries(kept),
    PATH: (process.env.PATH ?? '')
      .split(delimiter)
      .filter((one) => !one.includes('node_modules'))
      .join(delimiter),
    HOME: home,
    NPM_CONFIG_USERCONFIG: join(home, '.npmrc'),
    npm_config_cache: npmCache,
    npm_config_update_notifier: 'false',
    DOCKER_CONFIG: docker,
    NO_COLOR: '1',
    TURBO_TELEMETRY_DISABLED: '1',
  }
}

/** The package managers in the versions that the images carry, each under its own name in `node_modules`; returns the folder. */
export async function installManagers(): Promise<string> {
  const folder = join(root, 'node_modules/.cache/drydock-truth')
  const wanted = (Object.keys(packages) as Manager[]).map(
    (manager) => [manager, `npm:${packages[manager][0]}@${managerVersions[manager]}`] as const,
  )
  const manifest = `${JSON.stringify({ private: true, dependencies: Object.fromEntries(wanted) })}\n`
  const path = join(folder, 'package.json')
  if ((await readFile(path, 'utf8').catch(() => '')) === manifest && existsSync(join(folder, 'bin')))
    return folder
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await writeFile(path, manifest)
  await execa('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder })
  for (const [manager] of wanted) {
    const [name, program] = [manager.replace(/[14]$/, ''), packages[manager][1]]
    const bin = join(folder, 'bin', manager)
    await mkdir(bin, { recursive: true })
    await writeFile(
      join(bin, name),
      `#!/bin/sh\nexec node "${join(folder, 'node_modules', manager, program)}" "$@"\n`,
    )
    await chmod(join(bin, name), 0o755)
  }
  return folder
}

/** What a run outside the sandbox did. */
export interface Ran {
  readonly installed: boolean
  /** Exit code 0, by step; only those that the project has. */
  readonly steps: Readonly<Record<string, boolean>>
  /** Marks of the tests that passed. */
  readonly passed: readonly string[]
  /** Version that each user of the library gets. */
  readonly resolved: readonly (string | undefined)[]
  readonly log: string
}

const install: Readonly<Record<Manager, readonly [free: readonly string[], frozen: readonly string[]]>> = {
  npm: [
    ['install', '--no-audit', '--no-fund'],
    ['ci', '--no-audit', '--no-fund'],
  ],
  pnpm: [
    ['install', '--no-frozen-lockfile'],
    ['install', '--frozen-lockfile'],
  ],
  yarn1: [
    ['install', '--no-progress'],
    ['install', '--frozen-lockfile', '--no-progress'],
  ],
  yarn4: [
    ['install', '--no-immutable'],
    ['install', '--immutable'],
  ],
}

type StepName = 'build' | 'types' | 'lint' | 'test'

/** Installs with the project's own package manager, then builds, checks, lints and tests as its scripts say. */
export async function runOnHost(
  host: Host,
  folder: string,
  choice: Choice,
  project: Project,
  options: { readonly marks: string; readonly frozen?: boolean; readonly steps?: readonly StepName[] },
): Promise<Ran> {
  const manager = choice.manager as Manager
  const cwd = join(folder, project.place)
  const bins = [join(host.managers, 'bin', manager), join(root, 'node_modules/node/bin')]
  const env = { ...host.env, PATH: [...bins, host.env.PATH].join(delimiter) }
  const name = manager.replace(/[14]$/, '')
  let log = ''
  const run = async (where: string, command: string, args: readonly string[]): Promise<boolean> => {
    const ended = await execa(command, args, {
      cwd: where,
      env,
      extendEnv: false,
      reject: false,
      all: true,
      timeout: 180_000,
    })
    log += `$ ${command} ${args.join(' ')}\n${ended.all ?? ''}\n`
    return ended.exitCode === 0
  }
  await rm(options.marks, { force: true })
  if (manager === 'yarn4') await standAlone(cwd)
  const [free, frozen] = install[manager]
  const nothing = { steps: {}, passed: [], resolved: [] }
  // A registry's connection may break off; what is really wrong is wrong twice.
  const installs = async () => await run(cwd, name, options.frozen === true ? frozen : free)
  if (!(await installs()) && !(await installs())) return { installed: false, ...nothing, log }
  const steps: Record<string, boolean> = {}
  for (const step of options.steps ?? (['build', 'types', 'lint', 'test'] as const)) {
    const ended = await runStep(step, choice, project, cwd, (where, command, args) =>
      run(where, command ?? name, args),
    )
    if (ended !== undefined) steps[step] = ended
  }
  const passed = (await readFile(options.marks, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line !== '')
  const resolved = project.users.map((user) => resolvedVersion(join(cwd, user), project.dependency))
  return { installed: true, steps, passed, resolved, log }
}

/** yarn takes a manifest anywhere above for the project's, unless a lock file says where the project begins. */
async function standAlone(folder: string): Promise<void> {
  await writeFile(join(folder, 'yarn.lock'), '', { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
}

type Run = (cwd: string, command: string | undefined, args: readonly string[]) => Promise<boolean>

/** As a build server does: the root's script where there is one, else every member's. */
async function runStep(
  step: StepName,
  choice: Choice,
  project: Project,
  cwd: string,
  run: Run,
): Promise<boolean | undefined> {
  const results: boolean[] = []
  if (step === 'types') {
    if (choice.language !== 'ts without build') return undefined
    for (const member of project.members)
      results.push(
        await run(join(cwd, member), 'node', [typescript(join(cwd, member)), '--noEmit', '-p', '.']),
      )
    return results.every((ok) => ok)
  }
  const has = async (folder: string): Promise<boolean> => {
    const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
      scripts?: Record<string, string>
    }
    return manifest.scripts?.[step] !== undefined
  }
  const folders = (await has(cwd)) ? [''] : project.members
  for (const folder of folders)
    if (await has(join(cwd, folder)))
      results.push(await run(join(cwd, folder), undefined, ['run', step, ...everyPackage(choice)]))
  return results.length === 0 ? undefined : results.every((ok) => ok)
}

/** Which packages turbo still runs once one has failed is a matter of chance: all are to say what they have to say. */
function everyPackage({ tool }: Choice): readonly string[] {
  return tool === 'turbo' ? ['--continue'] : []
}

const typescript = (folder: string): string =>
  createRequire(join(folder, 'package.json'))
    .resolve('typescript/package.json')
    .replace('package.json', 'bin/tsc')

/** Read from the installed tree as the member's own code would find it. */
function resolvedVersion(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, 'node_modules', name, 'package.json')
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version
    if (at === dirname(at)) return undefined
  }
}
