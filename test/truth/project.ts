import { stringify } from 'yaml'
import type { Choice } from './choice.ts'
import { baseVersion, libraryName, targetOf } from './library.ts'
import { type Case, commandOf, type Modules, runnerPackages, type TestFile, testText } from './tests.ts'

type Json = Record<string, unknown>

/** A generated project as files. */
export interface Project {
  readonly files: Readonly<Record<string, string>>
  /** Folder of the project in its repository; empty at the root. */
  readonly place: string
  /** Folders of the members, from `place`; one empty one for a single package. */
  readonly members: readonly string[]
  /** Those that declare the library. */
  readonly users: readonly string[]
  /** Name under which the project knows it. */
  readonly dependency: string
  /** Scripts of the root, and whether members have them where the root has not. */
  readonly rootScripts: boolean
}

export const versions = { typescript: '5.9.3', 'npm-run-all2': '8.0.4', turbo: '2.6.1' } as const
export const managerVersions = { npm: '11.21.2', pnpm: '10.34.9', yarn1: '1.22.22', yarn4: '4.18.1' } as const

/** The project with the library at a version, in every place that has to say so. */
export function projectOf(choice: Choice, version: string, marks: string): Project {
  const place = choice.shape === 'below' ? 'web' : ''
  const members = choice.shape === 'workspaces' ? ['packages/a', 'packages/b'] : ['']
  const users = choice.users === 'all' ? members : members.slice(0, 1)
  const files: Record<string, string> = {}
  for (const member of members) {
    const own = memberFiles(choice, { member, uses: users.includes(member), version, marks })
    for (const [path, text] of Object.entries(own)) files[join(member, path)] = text
  }
  Object.assign(files, rootFiles(choice, files, members, version))
  const below = Object.fromEntries(Object.entries(files).map(([path, text]) => [join(place, path), text]))
  const readme = place === '' ? {} : { 'README.md': '# A repository of several projects\n' }
  return {
    files: { ...below, ...readme, '.gitignore': 'node_modules\ndist\n.turbo\n' },
    place,
    members,
    users,
    dependency: choice.pin === 'alias' ? 'lib' : libraryName,
    rootScripts: choice.rootScripts,
  }
}

const join = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`)
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`

interface Member {
  readonly member: string
  readonly uses: boolean
  readonly version: string
  readonly marks: string
}

function memberFiles(choice: Choice, { member, uses, version, marks }: Member): Record<string, string> {
  const modules: Modules = choice.language === 'esm' || choice.language === 'ts without build' ? 'esm' : 'cjs'
  const name = member === '' ? 'app' : `@app/${member.split('/').at(-1)}`
  const tests = choice.runner === 'none' ? [] : testFiles(choice, uses, member)
  const extension = choice.language === 'ts without build' ? 'ts' : 'js'
  const paths = tests.map(({ path }) => `${path}.${extension}`)
  return {
    'package.json': json({
      name,
      version: '1.0.0',
      private: true,
      ...(modules === 'esm' ? { type: 'module' } : {}),
      scripts: scriptsOf(choice, paths, uses),
      ...dependenciesOf(choice, uses, version),
    }),
    ...sourceFiles(choice, uses),
    ...Object.fromEntries(
      tests.map((file, index) => [paths[index] ?? '', testText(choice.runner, modules, file, marks)]),
    ),
  }
}

function sourceFiles(choice: Choice, uses: boolean): Record<string, string> {
  const from = choice.pin === 'alias' ? 'lib' : libraryName
  const typed = choice.language === 'ts' || choice.language === 'ts without build'
  const signature = typed ? '(name: string): string' : '(name)'
  const sum = typed ? '(a: number, b: number): number' : '(a, b)'
  const body = uses
    ? `export const welcome = ${signature} => greet(name)\nexport const total = ${sum} => add(a, b)\nexport { cases }\n`
    : `export const own = ${sum} => a + b\n`
  if (choice.language === 'cjs') {
    const text = uses
      ? `const lib = require('${from}')\nexports.welcome = (name) => lib.greet(name)\nexports.total = (a, b) => lib.add(a, b)\nexports.cases = lib.cases\n`
      : 'exports.own = (a, b) => a + b\n'
    return { 'src/index.js': text }
  }
  const head = uses ? `import { add, cases, greet } from '${from}'\n` : ''
  if (!typed) return { 'src/index.js': head + body }
  const built = choice.language === 'ts'
  const options = built
    ? { outDir: 'dist', declaration: true }
    : { noEmit: true, allowImportingTsExtensions: true, erasableSyntaxOnly: true }
  const compilerOptions = { target: 'es2022', module: 'nodenext', strict: true, types: [], ...options }
  return { 'src/index.ts': head + body, 'tsconfig.json': json({ compilerOptions, include: ['src'] }) }
}

const unstable = ['Date.now()', 'new Date().toISOString()', 'Math.random().toString(16)', 'process.pid']

function testFiles(choice: Choice, uses: boolean, member: string): TestFile[] {
  const source = {
    cjs: '../src/index.js',
    esm: '../src/index.js',
    ts: '../dist/index.js',
    'ts without build': '../src/index.ts',
    java: '',
  }[choice.language]
  const where = member === '' ? '' : `${member.split('/').at(-1)} `
  const changing = choice.change.startsWith('unstable')
  const using = range(uses ? choice.using : 0).map((index): Case => {
    const mark = `${where}welcomes number ${index}`
    const suffix = changing ? ` + ' at ' + ${unstable[index % unstable.length]}` : ''
    return {
      name: `'${mark}'${suffix}`,
      mark,
      actual: `welcome('Ada ${index}')`,
      expected: `'Hello, Ada ${index}!'`,
    }
  })
  const listed = {
    name: `'${where}case ' + each`,
    mark: `${where}case EACH`,
    actual: 'total(each, 1)',
    expected: 'each + 1',
    each: 'cases',
  }
  const failing = choice.change.startsWith('already')
  const apart = range(uses ? choice.apart : Math.max(1, choice.apart)).map((index): Case => {
    const mark = `${where}stands apart ${index}`
    const actual = failing && index === 0 ? "'not' + 0" : `'apart' + ${index}`
    return { name: `'${mark}'`, mark, actual, expected: `'apart${index}'` }
  })
  const lists = choice.change === 'fewer' && uses
  const first: TestFile = {
    path: 'test/lib.test',
    imports: ['welcome', ...(lists ? ['cases', 'total'] : [])],
    source,
    cases: [...using, ...(lists ? [listed] : [])],
  }
  const second: TestFile = { path: 'test/own.test', imports: [], source, cases: apart }
  return [first, second].filter(({ cases }) => cases.length > 0)
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

function scriptsOf(choice: Choice, files: readonly string[], uses: boolean): Json {
  const typed = choice.language === 'ts'
  const build = [
    ...(typed ? ['tsc -p .'] : []),
    ...(choice.change === 'build' && uses ? ['truth-build'] : []),
  ]
  const checks = {
    ...(build.length === 0 ? {} : { build: build.join(' && ') }),
    ...(choice.change === 'lint' && uses ? { lint: 'truth-lint' } : {}),
  }
  if (files.length === 0) return checks
  const start = choice.change === 'launcher' && uses ? 'truth-run ' : ''
  const command = (some: readonly string[]): string =>
    commandOf(choice.runner, some)
      .split(' && ')
      .map((part) => start + part)
      .join(' && ')
  return { ...checks, ...testScripts(choice, files, command) }
}

function testScripts(
  choice: Choice,
  files: readonly string[],
  command: (files: readonly string[]) => string,
): Json {
  const run = choice.manager.replace(/[14]$/, '')
  const parts = files.map((file, index) => [`test:${index + 1}`, command([file])] as const)
  switch (choice.tool) {
    case 'chained':
      return { test: parts.map(([name]) => `${run} run ${name}`).join(' && '), ...Object.fromEntries(parts) }
    case 'run-s':
      return { test: 'run-s "test:*"', ...Object.fromEntries(parts) }
    case 'masked':
      return { test: `${command(files)} || true` }
    case 'before':
      return { pretest: 'node -e 0', test: command(files) }
    case 'variable':
      return { test: `NODE_ENV=test ${command(files).replaceAll(' && ', ' && NODE_ENV=test ')}` }
    default:
      return { test: command(files) }
  }
}

function dependenciesOf(choice: Choice, uses: boolean, version: string): Json {
  const tools = {
    ...(runnerPackages[choice.runner] ?? {}),
    ...(choice.language.startsWith('ts') ? { typescript: versions.typescript } : {}),
    ...(choice.tool === 'run-s' ? { 'npm-run-all2': versions['npm-run-all2'] } : {}),
  }
  const own: Record<string, string> = uses
    ? { ...specifierOf(choice, version), ...companions(choice, version) }
    : {}
  const groups: Record<string, Record<string, string>> = { dependencies: {}, devDependencies: { ...tools } }
  Object.assign(groups[choice.group] ?? {}, own)
  return Object.fromEntries(Object.entries(groups).filter(([, group]) => Object.keys(group).length > 0))
}

function specifierOf(choice: Choice, version: string): Record<string, string> {
  const text: Readonly<Partial<Record<Choice['pin'], string>>> = {
    tilde: `~${version}`,
    exact: version,
    override: choice.manager === 'npm' ? version : `^${version}`,
    'override in dots': version,
    catalog: 'catalog:',
  }
  if (choice.pin === 'alias') return { lib: `npm:${libraryName}@^${version}` }
  return { [libraryName]: text[choice.pin] ?? `^${version}` }
}

function companions(choice: Choice, version: string): Record<string, string> {
  if (choice.pin === 'nested' || choice.pin === 'nested override') return { '@truth/wrap': '^1.0.0' }
  if (choice.pin === 'peer') return { '@truth/plugin': version === baseVersion ? '^1.0.0' : '^2.0.0' }
  return {}
}

/** Overrides, catalogs, workspaces and scripts that stand at the root. */
function rootFiles(
  choice: Choice,
  files: Readonly<Record<string, string>>,
  members: readonly string[],
  version: string,
): Record<string, string> {
  const { manager } = choice
  const single = files['package.json']
  const workspaces = choice.shape === 'workspaces'
  const own =
    single === undefined ? { name: 'root', version: '1.0.0', private: true } : (JSON.parse(single) as Json)
  const scripts =
    workspaces && choice.rootScripts
      ? {
          scripts: rootScripts(
            choice,
            members.map((member) => manifestOf(files[join(member, 'package.json')])),
          ),
        }
      : {}
  const turbo = choice.tool === 'turbo' ? { devDependencies: { turbo: versions.turbo } } : {}
  const packageManager =
    manager === 'npm' || manager === 'maven'
      ? {}
      : { packageManager: `${manager.replace(/[14]$/, '')}@${managerVersions[manager]}` }
  const globs = workspaces && manager !== 'pnpm' ? { workspaces: ['packages/*'] } : {}
  const root = { ...own, ...packageManager, ...globs, ...scripts, ...turbo, ...overridesOf(choice, version) }
  const catalog = choice.pin === 'catalog' ? { catalog: { [libraryName]: `^${version}` } } : {}
  const elsewhere = choice.pin === 'override elsewhere' ? { overrides: { [libraryName]: version } } : {}
  const listed = workspaces ? { packages: ['packages/*'] } : {}
  const pnpm = { ...listed, ...catalog, ...elsewhere }
  return {
    'package.json': json(root),
    ...(manager === 'pnpm' && Object.keys(pnpm).length > 0 ? { 'pnpm-workspace.yaml': stringify(pnpm) } : {}),
    ...(manager === 'yarn4' ? { '.yarnrc.yml': stringify({ nodeLinker: 'node-modules', ...catalog }) } : {}),
    ...(choice.tool === 'turbo' ? { 'turbo.json': json(turboTasks) } : {}),
    ...(members.length > 0 ? { '.nvmrc': '24\n' } : {}),
  }
}

const turboTasks = {
  tasks: {
    build: { outputs: ['dist/**'] },
    lint: { cache: false },
    test: { dependsOn: ['build'], cache: false },
  },
}

interface Manifest {
  readonly name: string
  readonly scripts: Readonly<Record<string, string>>
}

const manifestOf = (text = '{}'): Manifest => JSON.parse(text) as Manifest

function rootScripts({ manager, tool }: Choice, members: readonly Manifest[]): Json {
  const all = (script: string, having: readonly Manifest[]): string => {
    if (tool === 'turbo') return `turbo run ${script}`
    switch (manager) {
      case 'pnpm':
        return `pnpm -r --workspace-concurrency=1 run ${script}`
      case 'yarn1':
        return having.map(({ name }) => `yarn workspace ${name} run ${script}`).join(' && ')
      case 'yarn4':
        return `yarn workspaces foreach -A --exclude root run ${script}`
      default:
        return `npm run ${script} --workspaces --if-present`
    }
  }
  const steps = ['build', 'lint', 'test'].flatMap((step) => {
    const having = members.filter(({ scripts }) => step in scripts)
    return having.length === 0 ? [] : [[step, all(step, having)] as const]
  })
  return Object.fromEntries(steps)
}

function overridesOf(choice: Choice, version: string): Json {
  const pnpm = choice.manager === 'pnpm'
  const yarn = choice.manager.startsWith('yarn')
  const plain = { [libraryName]: version }
  switch (choice.pin) {
    case 'override':
      return pnpm ? { pnpm: { overrides: plain } } : yarn ? { resolutions: plain } : { overrides: plain }
    case 'override in dots':
      return { overrides: { [libraryName]: { '.': version } } }
    case 'override by glob':
      return { resolutions: { [`**/${libraryName}`]: version } }
    case 'nested override': {
      if (pnpm) return { pnpm: { overrides: { [`@truth/wrap>${libraryName}`]: baseVersion } } }
      if (yarn) return { resolutions: { [`@truth/wrap/${libraryName}`]: baseVersion } }
      return { overrides: { '@truth/wrap': { [libraryName]: baseVersion } } }
    }
    default:
      return {}
  }
}

/** What a person would type after `drydock update`. */
export function requestOf(choice: Choice, project: Project): string {
  return `${project.dependency}@${targetOf(choice)}`
}
