import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { createVSIX } from '@vscode/vsce'
import { build } from 'esbuild'
import { deferred } from '../deferred.ts'
import { freePort } from '../freePort.ts'
import { discard, discardAtOnce } from '../keys.ts'

const run = promisify(execFile)
export const ROOT = join(import.meta.dirname, '../../..')

/** A VS Code on loopback with the packaged extension in it, and nothing else but its companion. */
export interface CodeServer extends AsyncDisposable {
  /** Address of a window on a folder or a `.code-workspace` file. */
  windowOf(path: string): string
  /** Address of a window without a folder. */
  readonly emptyWindow: string
  /** Folder for this server's user data, settings and extensions. */
  readonly home: string
}

export interface CodeServerOptions {
  /** Laid over an environment without keys. */
  readonly env?: NodeJS.ProcessEnv
  readonly settings?: Readonly<Record<string, unknown>>
  /** Folders are trusted without a question, unless this is set. */
  readonly workspaceTrust?: boolean
  readonly extensions: string
}

let installed: Promise<string> | undefined

/** The extensions folder with the .vsix and the companion: one for all suites of a process, none changes it. */
export function sharedExtensions(): Promise<string> {
  installed ??= installExtensions().then(({ home, path }) => {
    process.once('exit', () => discardAtOnce(home))
    return path
  })
  return installed
}

/** Installs the .vsix (`DRYDOCK_TEST_VSIX`, else made now) and the companion; returns the extensions folder. */
export async function installExtensions(
  vsix = process.env.DRYDOCK_TEST_VSIX,
): Promise<{ readonly home: string; readonly path: string } & AsyncDisposable> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-extensions-'))
  const path = join(home, 'extensions')
  const packaged = vsix ?? join(home, 'drydock.vsix')
  if (vsix === undefined) await packExtension(packaged)
  const companion = await packCompanion(home)
  const { node, entry } = await editor()
  const common = ['--extensions-dir', path, '--user-data-dir', join(home, 'install')]
  await run(node, [entry, ...common, '--install-extension', packaged, '--install-extension', companion])
  return { home, path, [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }) }
}

export async function packExtension(target: string): Promise<void> {
  await run(process.execPath, [join(ROOT, 'scripts/package.ts'), target])
}

async function packCompanion(home: string): Promise<string> {
  const stage = join(home, 'companion')
  const source = join(ROOT, 'test/vscode/companion')
  await mkdir(stage)
  await cp(join(source, 'package.json'), join(stage, 'package.json'))
  await cp(join(ROOT, 'LICENSE'), join(stage, 'LICENSE'))
  await bundle([join(source, 'companion.ts')], stage)
  const packagePath = join(home, 'companion.vsix')
  await writeFile(join(stage, '.vscodeignore'), '')
  await createVSIX({
    cwd: stage,
    packagePath,
    ...{ dependencies: false, allowMissingRepository: true, skipLicense: true },
  })
  return packagePath
}

/** Bundles TypeScript for the extension host, `NAME.ts` to `NAME.mjs`. */
export async function bundle(entryPoints: readonly string[], outdir: string): Promise<void> {
  await build({
    entryPoints: [...entryPoints],
    outdir,
    ...{ bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' },
    external: ['vscode'],
    outExtension: { '.js': '.mjs' },
    banner: { js: "import { createRequire as r } from 'node:module'; const require = r(import.meta.url);" },
  })
}

/** Path of the server's entry point and of the Node that its native parts were built for. */
async function editor(): Promise<{ readonly node: string; readonly entry: string }> {
  const { stdout } = await run('bash', [join(ROOT, 'scripts/code-server')], { maxBuffer: 1 << 24 })
  const entry = stdout.trim().split('\n').at(-1) ?? ''
  const modules = join(dirname(entry), '../../..')
  return { node: join(modules, '.bin/node'), entry }
}

export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-code-'))
  const data = join(home, 'data')
  // Settings of the person and of the machine that the extension host is on.
  for (const place of ['User', 'Machine']) {
    await mkdir(join(data, place), { recursive: true })
    await writeFile(join(data, place, 'settings.json'), JSON.stringify({ ...quiet, ...options.settings }))
  }
  const { node, entry } = await editor()
  const port = await freePort()
  const trust = options.workspaceTrust === true ? [] : ['--disable-workspace-trust']
  const child = spawn(
    node,
    [
      entry,
      ...['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', ...trust],
      ...['--user-data-dir', data, '--extensions-dir', options.extensions],
    ],
    { env: environment(options.env), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  )
  await listening(child)
  const address = `http://127.0.0.1:${port}/`
  return {
    home,
    emptyWindow: `${address}?ew=true`,
    windowOf: (path) => {
      const key = path.endsWith('.code-workspace') ? 'workspace' : 'folder'
      return `${address}?${key}=${encodeURIComponent(path)}`
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      // Its process group alone: runners are in groups of their own.
      if (child.pid !== undefined && child.exitCode === null) {
        process.kill(-child.pid, 'SIGKILL')
        await ended
      }
      await discard(home)
    },
  }
}

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.openRepositoryInParentFolders': 'never',
  'git.autofetch': false,
  'update.mode': 'none',
}

function environment(over: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const secret = /^(ANTHROPIC_|GITHUB_|GH_|VSCODE_|ELECTRON_)/
  const clean = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secret.test(name)))
  // As if started from a terminal: the profile of this machine's shell is not read for the extension host.
  return { ...clean, VSCODE_CLI: '1', ...over }
}

async function listening(child: ChildProcess): Promise<void> {
  let said = ''
  const { promise, resolve, reject } = deferred<void>()
  const hear = (chunk: Buffer): void => {
    said += chunk.toString()
    if (said.includes('HTTP server listening on')) resolve()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.once('exit', () => reject(new Error(`code-server ended:\n${said}`)))
  await promise
}
