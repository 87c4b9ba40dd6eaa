import { access, chmod, readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))

// `--package DIR` writes what is shipped to DIR: minified, without maps.
const packaging = process.argv[2] === '--package'
const out = packaging ? (process.argv[3] ?? 'dist') : 'dist'
const minified = packaging ? { minify: true, keepNames: true } : {}

// What `engines` in package.json promises; `lib` in tsconfig.json keeps out what it lacks.
const lowestNode = 'node20.19'

const exists = async (path) =>
  access(join(root, path)).then(
    () => true,
    () => false,
  )
const list = async (path) => ((await exists(path)) ? readdir(join(root, path)) : [])

// Packages of the CommonJS kind call `require` for Node's own modules, and ask where they are.
const requireBanner =
  "import { createRequire as drydockRequire } from 'node:module'; const require = drydockRequire(import.meta.url); const __filename = import.meta.filename, __dirname = import.meta.dirname;"

// docker-modem's own SSH client: engines over SSH are reached through the user's `ssh`.
const withoutSsh2 = {
  name: 'without-ssh2',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^ssh2$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
    onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}' }))
  },
}

// Folders of ecosystems are found by their names; the one to copy is none.
const withoutTemplate = {
  name: 'without-template',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]_template[\\/]/ }, () => ({ contents: '' }))
  },
}

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  logLevel: 'warning',
  legalComments: 'external',
  // Optional native parts, each behind a try in its package.
  external: ['*.node', 'cpu-features'],
}

/** The runner: command line and the extension's background process. */
async function runner() {
  if (!(await exists('src/runner/main.ts'))) return
  await build({
    ...shared,
    ...minified,
    entryPoints: {
      drydock: 'src/runner/main.ts',
      // A thread of its own, see docs/decisions/0009.
      releaseReader: 'src/runner/ecosystems/release/worker.ts',
    },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    // A command loads its own parts only: the whole takes half a second to read.
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    // A bundler cannot follow the `require` of UMD wrappers.
    mainFields: ['module', 'main'],
    format: 'esm',
    target: lowestNode,
    plugins: [withoutSsh2, withoutTemplate],
    sourcemap: packaging ? false : 'linked',
    banner: { js: `#!/usr/bin/env node\n${requireBanner}` },
  })
  // npm sets it where it installs, and not where a checkout that it knows is built again.
  await chmod(resolve(root, out, 'drydock.mjs'), 0o755)
}

// The bundler drops what is not used of `import * as z`, which is most of it, but nothing of `{ z }`.
const smallZod = {
  name: 'small-zod',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/](contract|extension|sandbox|webview-ui)[\\/].*\.ts$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8')
      return {
        contents: contents.replace("import { z } from 'zod'", "import * as z from 'zod'"),
        loader: 'ts',
      }
    })
  },
}

// MCP's validator of forms and of structured answers: our tools have neither.
const withoutAjv = {
  name: 'without-ajv',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]validation[\\/]ajv-provider\.js$/ }, () => ({
      contents: 'export class AjvJsonSchemaValidator {}',
    }))
  },
}

// A file of its own, so that activation does not wait until all of it was read and compiled.
const laterApart = {
  name: 'later-apart',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/later\.ts$/ }, () => ({ path: './later.cjs', external: true }))
  },
}

/** The extension: activation reads a small file, the rest comes when it is needed. */
async function extension() {
  if (!(await exists('src/extension/extension.ts'))) return
  await build({
    ...shared,
    ...minified,
    entryPoints: { extension: 'src/extension/extension.ts', later: 'src/extension/later.ts' },
    outdir: join(out, 'extension'),
    outExtension: { '.js': '.cjs' },
    mainFields: ['module', 'main'],
    external: [...shared.external, 'vscode'],
    plugins: [smallZod, laterApart],
    // Parts run when they are first imported: the editor's loader of ES modules takes far longer.
    format: 'cjs',
    target: lowestNode,
    supported: { 'dynamic-import': false },
    sourcemap: packaging ? false : 'linked',
  })
  await build({
    ...shared,
    ...minified,
    bundle: false,
    external: undefined,
    entryPoints: { launch: 'src/extension/runner/launch.ts' },
    outdir: out,
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    target: lowestNode,
  })
}

/** What runs in containers, on the oldest Node that a project image carries. */
async function sandboxProgram(folder) {
  const entry = `sandbox/${folder}/main.ts`
  if (!(await exists(entry))) return
  await build({
    ...shared,
    legalComments: 'none',
    entryPoints: [entry],
    outfile: `${out}/sandbox/${folder}.mjs`,
    format: 'esm',
    target: 'node18',
    // Names stay as they are: to keep them under shorter ones costs a call for each function at the start.
    minifySyntax: true,
    minifyWhitespace: true,
    // The web's classes, see there.
    inject: folder === 'agent' ? ['sandbox/agent/web.ts'] : [],
    plugins: [smallZod, withoutAjv],
    banner: { js: requireBanner },
  })
}

/** Test reporters, for the oldest Node that a project may run on: Node's runner and module hooks want ES modules. */
async function reporters() {
  const kinds = [
    ['cjs', ['preload', 'jest', 'playwright'], 'node10'],
    ['esm', ['node-runner', 'hooks'], 'node18'],
  ]
  await Promise.all(
    kinds.map(([format, names, target]) =>
      build({
        ...shared,
        legalComments: 'none',
        entryPoints: names.map((name) => `sandbox/reporters/${name}.ts`),
        outdir: `${out}/sandbox/reporters`,
        outExtension: { '.js': format === 'cjs' ? '.cjs' : '.mjs' },
        format,
        target,
      }),
    ),
  )
}

/** The review panel's page. */
async function webview() {
  if (!(await exists('webview-ui/main.tsx'))) return
  await build({
    ...shared,
    platform: 'browser',
    legalComments: 'none',
    entryPoints: { review: 'webview-ui/main.tsx' },
    outdir: `${out}/webview`,
    format: 'iife',
    target: 'es2022',
    minify: true,
    tsconfig: 'webview-ui/tsconfig.json',
    plugins: [smallZod],
  })
}

async function everything() {
  for (const made of ['sandbox', 'chunks', 'extension', 'webview'])
    await rm(resolve(root, out, made), { recursive: true, force: true })
  const folders = (await list('sandbox')).filter((name) => name !== 'images' && name !== 'reporters')
  await Promise.all([runner(), extension(), webview(), reporters(), ...folders.map(sandboxProgram)])
}

await (process.argv[2] === '--webview' ? webview() : everything())
