import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { BuildOptions } from 'esbuild'
import { parse as parseIni } from 'ini'
import { type ParseError, parse } from 'jsonc-parser'
import picomatch from 'picomatch'
import { programs } from '../../../esbuild.mjs'

const root = join(import.meta.dirname, '../../..')

interface Task {
  readonly label: string
  readonly type: string
  readonly script?: string
  readonly command?: string
  readonly args?: readonly string[]
}

interface Launch {
  readonly name: string
  readonly type: string
  readonly program?: string
  readonly runtimeExecutable?: string
  readonly args: readonly string[]
  readonly outFiles?: readonly string[]
  readonly preLaunchTask?: string
}

interface Files {
  readonly launch: {
    readonly configurations: readonly Launch[]
    readonly inputs: readonly { readonly id: string; readonly options: readonly string[] }[]
  }
  readonly tasks: { readonly tasks: readonly Task[] }
  readonly extensions: { readonly recommendations: readonly string[] }
  readonly settings: Readonly<Record<string, unknown>>
}

async function editorFile<Name extends keyof Files>(name: Name): Promise<Files[Name]> {
  const errors: ParseError[] = []
  const found: Files[Name] = parse(await readFile(join(root, `.vscode/${name}.json`), 'utf8'), errors)
  assert.deepEqual(errors, [])
  return found
}

/** What esbuild writes, relative to the checkout, and whether it has a source map. */
async function built(): Promise<ReadonlyMap<string, boolean>> {
  const entries = (options: BuildOptions): string[] =>
    Object.keys(options.entryPoints ?? {}).map(
      (name) => `${options.outdir}/${name}${options.outExtension?.['.js'] ?? '.js'}`,
    )
  const made = [...(await programs()).values()]
  // A chunk's name has a hash.
  const chunks = made
    .filter(({ splitting }) => splitting)
    .map(({ outdir }) => `${outdir}/chunks/any-HASH.mjs`)
  const named = made.flatMap((options) =>
    entries(options).map((name) => [name, options.sourcemap === 'linked'] as const),
  )
  return new Map([...named, ...chunks.map((name) => [name, true] as const)])
}

const inFolder = (path: string): string => path.replace(/\$\{workspaceFolder\}\/?/, '')

describe('what is set up for the editor', () => {
  let manifest: { readonly scripts: Readonly<Record<string, string>> }
  before(async () => {
    manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  })

  it('has tasks that run scripts which exist', async () => {
    const { tasks } = await editorFile('tasks')
    for (const { label, type, script, command, args } of tasks) {
      const name = type === 'npm' ? script : args?.[args.indexOf('run') + 1]
      if (type !== 'npm') assert.deepEqual([command, args?.[0]], ['npm', 'run'], label)
      assert.ok(name !== undefined && name in manifest.scripts, `${label} runs ${name}`)
    }
    assert.ok(tasks.length >= 4)
  })

  it('starts programs that exist or are built, after tasks that exist', async () => {
    const { configurations } = await editorFile('launch')
    const labels = (await editorFile('tasks')).tasks.map(({ label }) => label)
    const outputs = await built()
    for (const { name, type, program, runtimeExecutable, args, preLaunchTask } of configurations) {
      const isThere = (path: string) => outputs.has(inFolder(path)) || existsSync(join(root, inFolder(path)))
      if (type === 'extensionHost')
        assert.deepEqual(args.map(inFolder), ['--extensionDevelopmentPath='], name)
      else assert.ok(program !== undefined && isThere(program), `${name} starts ${program}`)
      if (program !== undefined && outputs.has(inFolder(program)))
        assert.ok(preLaunchTask !== undefined, `${name} starts what nobody built`)
      if (runtimeExecutable !== undefined) assert.ok(isThere(runtimeExecutable), runtimeExecutable)
      for (const path of args.filter((word) => /^[\w./-]+\.\w+$/.test(word))) assert.ok(isThere(path), path)
      if (preLaunchTask !== undefined) assert.ok(labels.includes(preLaunchTask), preLaunchTask)
    }
    assert.ok(configurations.length >= 3)
  })

  it('looks for source maps where the build writes them', async () => {
    const { configurations } = await editorFile('launch')
    const outputs = await built()
    const mapped = [...outputs].filter(([, map]) => map).map(([name]) => name)
    for (const { name, type, outFiles = [], program = '' } of configurations) {
      const patterns = outFiles.map(inFolder)
      for (const pattern of patterns)
        assert.ok(
          [...outputs.keys()].some((file) => picomatch(pattern)(file)),
          `${name}: nothing is written to ${pattern}`,
        )
      const missed = mapped.filter((file) => !picomatch(patterns)(file))
      if (type === 'extensionHost') assert.deepEqual(missed, [], name)
      else if (outputs.has(inFolder(program)))
        assert.deepEqual(
          missed.filter((file) => !file.startsWith('dist/extension/')),
          [],
          name,
        )
    }
  })

  it('offers commands that the command line has', async () => {
    const { inputs } = await editorFile('launch')
    const files = await readdir(join(root, 'src/runner/commands'))
    for (const command of inputs.flatMap(({ options }) => options))
      assert.ok(files.includes(`${command}.ts`), command)
  })

  it('formats with an extension that is recommended', async () => {
    const { recommendations } = await editorFile('extensions')
    const formatter = (await editorFile('settings'))['editor.defaultFormatter']
    assert.ok(recommendations.includes(String(formatter)))
  })

  it('is kept by git', async () => {
    const files = (await readdir(join(root, '.vscode'))).map((name) => `.vscode/${name}`)
    const named = [...files, '.editorconfig', '.devcontainer/devcontainer.json']
    const ignored = await promisify(execFile)('git', ['check-ignore', '--no-index', ...named], {
      cwd: root,
    }).then(
      ({ stdout }) => stdout,
      ({ code, stdout }) => (code === 1 ? stdout : Promise.reject(new Error(`git says ${code}`))),
    )
    assert.equal(ignored, '')
  })

  it('indents as the formatter does', async () => {
    const { formatter } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'))
    const { '*': everywhere } = parseIni(await readFile(join(root, '.editorconfig'), 'utf8'))
    assert.deepEqual(
      [everywhere.indent_style, everywhere.indent_size, everywhere.max_line_length, everywhere.end_of_line],
      [formatter.indentStyle, String(formatter.indentWidth), String(formatter.lineWidth), 'lf'],
    )
  })
})
