import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, context } from 'esbuild'

const root = dirname(fileURLToPath(import.meta.url))

// What `engines` in package.json promises; `lib` in tsconfig.json keeps out what it lacks.
const lowestNode = 'node20.19'

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

// The queue's other store, and what reads times of day for jobs that repeat: a campaign's jobs lie in Redis and begin once.
const smallQueue = {
  name: 'small-queue',
  setup({ onResolve, onLoad }) {
    onLoad({ filter: /[\\/]bullmq[\\/]dist[\\/]esm[\\/]postgres[\\/]index\.js$/ }, () => ({
      contents: 'export {}',
    }))
    onResolve({ filter: /^cron-parser$/ }, ({ path }) => ({ path, namespace: 'no-clock' }))
    onLoad({ filter: /.*/, namespace: 'no-clock' }, () => ({
      contents: 'export const CronExpressionParser = {}',
    }))
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
const runner = ({ out, minified, sourcemap }) => ({
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
  plugins: [withoutSsh2, withoutTemplate, smallQueue],
  sourcemap,
  banner: { js: requireBanner },
})

/** The first lines of a runner that the editor starts. */
const launcher = ({ out, minified, sourcemap }) => ({
  ...shared,
  ...minified,
  bundle: false,
  external: undefined,
  entryPoints: { launch: 'src/extension/runner/launch.ts' },
  outdir: out,
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  target: lowestNode,
  sourcemap,
})

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
const extension = ({ out, minified, sourcemap, watching }) => ({
  ...shared,
  ...minified,
  entryPoints: { extension: 'src/extension/extension.ts', later: 'src/extension/later.ts' },
  outdir: join(out, 'extension'),
  outExtension: { '.js': '.cjs' },
  mainFields: ['module', 'main'],
  external: [...shared.external, 'vscode'],
  plugins: [smallZod, laterApart],
  inject: watching ? ['scripts/dev/reloadWindow.ts'] : [],
  // Parts run when they are first imported: the editor's loader of ES modules takes far longer.
  format: 'cjs',
  target: lowestNode,
  supported: { 'dynamic-import': false },
  sourcemap,
})

/** What runs in containers, on the oldest Node that a project image carries. */
const sandboxProgram = ({ out }, folder) => ({
  ...shared,
  legalComments: 'none',
  entryPoints: { [folder]: `sandbox/${folder}/main.ts` },
  outdir: `${out}/sandbox`,
  outExtension: { '.js': '.mjs' },
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

/** Test reporters, for the oldest Node that a project may run on: Node's runner and module hooks want ES modules. */
const reporters = ({ out }, format, names, target) => ({
  ...shared,
  legalComments: 'none',
  entryPoints: Object.fromEntries(names.map((name) => [name, `sandbox/reporters/${name}.ts`])),
  outdir: `${out}/sandbox/reporters`,
  outExtension: { '.js': format === 'cjs' ? '.cjs' : '.mjs' },
  format,
  target,
})

/** The pages of the review panel, of the statistics and of campaigns, each whole in its own file. */
const webview = ({ out }) => ({
  ...shared,
  platform: 'browser',
  legalComments: 'none',
  entryPoints: {
    review: 'webview-ui/main.tsx',
    statistics: 'webview-ui/statistics/main.tsx',
    campaign: 'webview-ui/campaign/main.tsx',
  },
  outdir: `${out}/webview`,
  format: 'iife',
  target: 'es2022',
  minify: true,
  tsconfig: 'webview-ui/tsconfig.json',
  plugins: [smallZod],
})

/**
 * What is built, by name, as esbuild's options.
 * `packaging`: minified and without maps, as it is shipped. `watching`: with what a developer's window needs.
 */
export async function programs({ out = 'dist', packaging = false, watching = false } = {}) {
  const minified = packaging ? { minify: true, keepNames: true } : {}
  const how = { out, minified, watching, sourcemap: packaging ? false : 'linked' }
  const inContainers = (await readdir(join(root, 'sandbox')))
    .filter((folder) => existsSync(join(root, 'sandbox', folder, 'main.ts')))
    .map((folder) => [`sandbox/${folder}`, sandboxProgram(how, folder)])
  return new Map([
    ['runner', runner(how)],
    ['launcher', launcher(how)],
    ['extension', extension(how)],
    ['webview', webview(how)],
    ['reporters', reporters(how, 'cjs', ['preload', 'jest', 'playwright'], 'node10')],
    ['reporters of modules', reporters(how, 'esm', ['node-runner', 'hooks'], 'node18')],
    ...inContainers,
  ])
}

async function empty(out) {
  for (const made of ['sandbox', 'chunks', 'extension', 'webview'])
    await rm(resolve(root, out, made), { recursive: true, force: true })
}

async function everything(how) {
  await empty(how.out ?? 'dist')
  const made = await programs(how)
  await Promise.all([...made.values()].map((options) => build(options)))
}

/** Builds, and builds again what a change of a source touches; says when, in lines that the editor's task waits for. */
async function watch(out = 'dist') {
  await empty(out)
  let running = 0
  let changed = []
  const announced = (name) => ({
    name: 'announced',
    setup({ onStart, onEnd }) {
      onStart(() => {
        if (running++ === 0) console.log('building')
      })
      onEnd(({ errors }) => {
        changed.push(errors.length > 0 ? `${name} (failed)` : name)
        if (--running > 0) return
        console.log(`built: ${changed.join(', ')}`)
        changed = []
      })
    },
  })
  const made = await programs({ out, watching: true })
  const contexts = await Promise.all(
    [...made].map(([name, options]) =>
      context({ ...options, plugins: [announced(name), ...(options.plugins ?? [])] }),
    ),
  )
  await Promise.all(contexts.map((one) => one.watch()))
}

// Tests and the panel's page of its own read the options alone.
if (import.meta.main ?? process.argv[1] === fileURLToPath(import.meta.url)) {
  const [mode, folder] = process.argv.slice(2)
  if (mode === '--webview') await build((await programs()).get('webview'))
  else if (mode === '--watch') await watch(folder)
  else if (mode === '--package') await everything({ packaging: true, ...(folder && { out: folder }) })
  else await everything({})
}
