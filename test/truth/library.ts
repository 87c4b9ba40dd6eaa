import { gzipSync } from 'node:zlib'
import { pack } from 'tar-stream'
import type { Choice } from './choice.ts'

/** The package that is updated. */
export const libraryName = '@truth/lib'
export const baseVersion = '1.0.0'

/** Each change is a version of its own, so that a version's bytes are the same in every project. */
const versionOf: Readonly<Record<Choice['change'], string>> = {
  clean: '2.0.0',
  behaviour: '3.0.0',
  rename: '4.0.0',
  throws: '5.0.0',
  types: '6.0.0',
  build: '7.0.0',
  lint: '8.0.0',
  exits: '9.0.0',
  launcher: '10.0.0',
  fewer: '11.0.0',
  'already failing': '2.0.0',
  'already failing and broken': '3.0.0',
  'unstable names': '2.0.0',
  'unstable names and broken': '3.0.0',
}

/** The version a choice asks for; a minor one is inside the range that the project has already. */
export function targetOf(choice: Choice): string {
  const version = versionOf[choice.change]
  return choice.pin === 'minor' ? `1.${version.split('.')[0]}.0` : version
}

/** What the registry shows: an update never gets a newer one than it asked for by chance. */
export const libraryVersions: readonly string[] = [
  baseVersion,
  ...[...new Set(Object.values(versionOf))].flatMap((version) => [version, `1.${version.split('.')[0]}.0`]),
]

export function changeOfVersion(version: string): Choice['change'] | undefined {
  const [major = '', minor = ''] = version.split('.')
  const wanted = `${major === '1' ? minor : major}.0.0`
  return version === baseVersion
    ? undefined
    : (Object.entries(versionOf).find(([, own]) => own === wanted)?.[0] as Choice['change'] | undefined)
}

export interface Published {
  readonly manifest: Readonly<Record<string, unknown>> & { readonly name: string; readonly version: string }
  readonly files: Readonly<Record<string, string>>
}

/** Everything that this registry has. */
export function publishedPackages(): readonly Published[] {
  return [
    ...libraryVersions.map(library),
    wrap('1.0.0'),
    plugin(baseVersion, '^1.0.0'),
    plugin('2.0.0', '>=2.0.0'),
  ]
}

function library(version: string): Published {
  const change = changeOfVersion(version)
  const name = change === 'rename' ? 'salute' : 'greet'
  const parameter = change === 'types' ? '{ readonly first: string }' : 'string'
  const cases = change === 'fewer' ? '[1]' : '[1, 2, 3, 4]'
  const said = change === 'behaviour' ? '`Hi, $' + '{name}!`' : '`Hello, $' + '{name.first ?? name}!`'
  const types = `export function ${name}(name: ${parameter}): string\nexport function add(a: number, b: number): number\nexport const cases: readonly number[]\n`
  const start = {
    exits: 'process.exit(0)\n',
    throws: "throw new Error('this version wants to be configured first')\n",
  }
  const first = change === 'exits' || change === 'throws' ? start[change] : ''
  return {
    manifest: {
      name: libraryName,
      version,
      main: 'index.js',
      types: 'index.d.ts',
      exports: {
        '.': {
          import: { types: './index.d.mts', default: './index.mjs' },
          require: { types: './index.d.ts', default: './index.js' },
        },
        './package.json': './package.json',
      },
      bin: { 'truth-run': 'run.js', 'truth-build': 'build.js', 'truth-lint': 'lint.js' },
    },
    files: {
      'index.js': `${first}exports.${name} = (name) => ${said}\nexports.add = (a, b) => a + b\nexports.cases = ${cases}\n`,
      'index.mjs': `import lib from './index.js'\nexport const ${name} = lib.${name}\nexport const add = lib.add\nexport const cases = lib.cases\n`,
      'index.d.ts': types,
      'index.d.mts': types,
      'run.js':
        change === 'launcher' ? program("console.log('usage: truth-run --config FILE COMMAND')") : launcher,
      'build.js': ends(change === 'build', 'built', 'error: option "mode" is missing'),
      'lint.js': ends(change === 'lint', 'clean', 'src/index: 1 problem (no-greeting)'),
    },
  }
}

const program = (text: string): string => `#!/usr/bin/env node\n${text}\n`

const launcher = program(`const { spawnSync } = require('node:child_process')
const [command, ...rest] = process.argv.slice(2)
process.exitCode = spawnSync(command, rest, { stdio: 'inherit' }).status ?? 1`)

function ends(broken: boolean, well: string, badly: string): string {
  return program(
    broken ? `console.error(${JSON.stringify(badly)})\nprocess.exitCode = 1` : `console.log('${well}')`,
  )
}

/** Another package that needs the library, whatever the project has. */
function wrap(version: string): Published {
  return {
    manifest: { name: '@truth/wrap', version, main: 'index.js', dependencies: { [libraryName]: '^1.0.0' } },
    files: { 'index.js': `exports.add = (a, b) => require('${libraryName}').add(a, b)\n` },
  }
}

/** A package that must move along. */
function plugin(version: string, peer: string): Published {
  return {
    manifest: { name: '@truth/plugin', version, main: 'index.js', peerDependencies: { [libraryName]: peer } },
    files: { 'index.js': 'exports.plugin = true\n' },
  }
}

/** The same bytes every time: no clock, no owner. */
export async function tarballOf({ manifest, files }: Published): Promise<Buffer> {
  const archive = pack()
  const mtime = new Date('2020-01-01T00:00:00Z')
  const all = { 'package.json': `${JSON.stringify(manifest, undefined, 2)}\n`, ...files }
  for (const [name, text] of Object.entries(all)) {
    const mode = text.startsWith('#!') ? 0o755 : 0o644
    archive.entry({ name: `package/${name}`, mode, mtime }, text)
  }
  archive.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of archive) chunks.push(chunk as Buffer)
  return gzipSync(Buffer.concat(chunks))
}
