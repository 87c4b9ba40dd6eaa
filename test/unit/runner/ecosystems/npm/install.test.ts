import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { DrydockError } from '../../../../../src/contract/failure.ts'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { install } from '../../../../../src/runner/ecosystems/npm/install.ts'
import { hostOf } from '../../../../support/registry.ts'
import { treeOf } from '../../../../support/tree.ts'

const host = hostOf([
  { name: 'npm', url: 'https://registry.example.com/', headers: {} },
  { name: 'npm-corp', url: 'https://corp.example.com/', headers: {}, scope: '@corp' },
])
const Case = z.object({
  id: z.string(),
  input: z.looseObject({ files: z.record(z.string(), z.string()).optional() }),
  expect: z.string(),
  why: z.string(),
})
const cases = z
  .array(Case)
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../broker/cases.json'), 'utf8')))
  .filter(({ id }) => id.startsWith('package-'))

describe('install recipe', () => {
  const recipe = async (
    files: Readonly<Record<string, string | object>>,
    mode: 'write' | 'frozen' = 'frozen',
  ) => {
    const tree = treeOf({ 'package.json': { name: 'fx' }, ...files })
    const project = await detect(tree)
    assert.ok(project)
    return await install(tree, project, mode, host)
  }
  const text = (made: Awaited<ReturnType<typeof recipe>>, path: string) =>
    made.files.get(path)?.toString() ?? ''
  const refused = (message: RegExp) => (error: unknown) =>
    error instanceof DrydockError &&
    error.failure.code === 'registry-not-allowed' &&
    message.test(`${error.failure.message} ${error.failure.next}`)

  for (const one of cases)
    it(`${one.id} (${one.expect}): ${one.why}`, async () => {
      const made = recipe(one.input.files ?? {})
      if (one.expect === 'deny') await assert.rejects(made, refused(/not a registry/))
      else assert.equal((await made).warnings.length, one.expect === 'flag' ? 1 : 0)
    })

  it('gives the container nothing but manifests, the lock file and reduced configuration', async () => {
    const made = await recipe({
      'package.json': {
        name: 'fx',
        packageManager: 'npm@6.0.0',
        devEngines: {},
        workspaces: ['a'],
        scripts: { test: 'x' },
      },
      'a/package.json': { name: 'a' },
      'a/index.js': 'source',
      '.npmrc':
        'git=./evil.sh\nscript-shell=./evil.sh\nnode-options=--require ./evil.js\nlegacy-peer-deps=true\n//corp.example.com/:_authToken=secret\n',
      '.pnpmfile.cjs': 'evil',
      '.yarnrc': 'yarn-path evil',
      'package-lock.json': { lockfileVersion: 3, packages: {} },
    })
    assert.deepEqual([...made.files.keys()].sort(), [
      '.npmrc',
      'a/package.json',
      'package-lock.json',
      'package.json',
    ])
    assert.equal(
      text(made, '.npmrc'),
      'legacy-peer-deps=true\nregistry=http://127.0.0.1:4873/npm/\n@corp:registry=http://127.0.0.1:4873/npm-corp/\n',
    )
    assert.deepEqual(Object.keys(JSON.parse(text(made, 'package.json'))), ['name', 'workspaces', 'scripts'])
    assert.ok(made.command.includes('--ignore-scripts'))
    assert.ok(made.warnings.some(({ code }) => code === 'not-run:.pnpmfile.cjs'))
  })

  it('a value of .npmrc can neither begin a line nor read the environment', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax
    const made = await recipe({ '.npmrc': 'omit="dev\\ngit=./evil.sh"\ninclude=${HOME}\n' })
    assert.doesNotMatch(text(made, '.npmrc'), /^git=|\$\{/m)
  })

  it('refuses another registry and names the setting that would allow it', async () => {
    await assert.rejects(
      recipe({
        'package.json': { name: 'fx', dependencies: { a: 'npm:@evil/a@1' } },
        '.npmrc': '@evil:registry=https://registry.attacker.example/npm\n',
      }),
      refused(
        /registry\.attacker\.example.*npm config set @evil:registry https:\/\/registry\.attacker\.example\/npm/,
      ),
    )
    await assert.rejects(
      recipe({ '.npmrc': 'registry=https://registry.attacker.example\n' }),
      refused(/attacker/),
    )
    const yarn = { 'yarn.lock': '__metadata:\n  version: 8\n' }
    await assert.rejects(
      recipe({ ...yarn, '.yarnrc.yml': 'npmRegistryServer: https://registry.attacker.example\n' }),
      refused(/attacker/),
    )
  })

  it('closes the registry of a scope that the project has nothing of, and goes on', async () => {
    const closed = /@publish:registry=http:\/\/127\.0\.0\.1:4873\/closed\.packages\.example\.com_8443\//
    const npmrc = '@publish:registry=https://packages.example.com:8443\n'
    const made = await recipe({ '.npmrc': npmrc })
    assert.match(text(made, '.npmrc'), closed)
    assert.deepEqual(
      made.warnings.map(({ code, severity }) => `${severity} ${code}`),
      ['notice not-asked:@publish'],
    )
    const yarn = await recipe({
      'yarn.lock': '__metadata:\n  version: 8\n',
      '.yarnrc.yml': 'npmScopes:\n  publish:\n    npmRegistryServer: https://packages.example.com\n',
    })
    assert.match(
      text(yarn, '.yarnrc.yml'),
      /publish:\n\s+npmRegistryServer: .*\/closed\.packages\.example\.com\n/,
    )
    const locked = { lockfileVersion: 3, packages: { 'node_modules/@publish/x': { version: '1.0.0' } } }
    await assert.rejects(
      recipe({ '.npmrc': npmrc, 'package-lock.json': locked }),
      refused(/packages\.example\.com:8443/),
    )
  })

  it('takes the registries that the host has, by whatever name the repository uses', async () => {
    const made = await recipe({
      '.npmrc': 'registry=https://builtin.example.com\n@team:registry=https://corp.example.com\n',
    })
    assert.match(text(made, '.npmrc'), /@team:registry=http:\/\/127\.0\.0\.1:4873\/npm-corp\//)
  })

  it('yarn: plugins, yarnPath and hosts stay out', async () => {
    const made = await recipe({
      'yarn.lock': '__metadata:\n  version: 8\n',
      '.yarnrc.yml':
        'yarnPath: ./evil.cjs\nplugins:\n  - ./evil.cjs\nnodeLinker: pnp\ncompressionLevel: 0\nnpmAuthToken: secret\n',
    })
    const yarnrc = text(made, '.yarnrc.yml')
    assert.doesNotMatch(yarnrc, /evil|secret|pnp/)
    assert.match(yarnrc, /compressionLevel: 0/)
    assert.equal(made.env.YARN_IGNORE_PATH, '1')
    assert.equal(made.env.YARN_NODE_LINKER, 'node-modules')
  })

  it('pnpm: hooks and configuration packages stay out, catalogs and patches stay', async () => {
    const made = await recipe({
      'package.json': { name: 'fx', pnpm: { configDependencies: { evil: '1.0.0' }, overrides: { a: '1' } } },
      'pnpm-lock.yaml': "lockfileVersion: '9.0'\n",
      'pnpm-workspace.yaml':
        'packages:\n  - a\npnpmfile: evil.cjs\nconfigDependencies:\n  evil: 1.0.0\ncatalog:\n  b: ^1.0.0\nnodeLinker: hoisted\n',
      'patches/b.patch': 'diff',
    })
    assert.doesNotMatch([...made.files.values()].join('\n'), /evil/)
    assert.match(text(made, 'pnpm-workspace.yaml'), /catalog:\n {2}b: \^1\.0\.0\nnodeLinker: hoisted/)
    assert.ok(made.files.has('patches/b.patch'))
    assert.ok(made.command.includes('--ignore-pnpmfile'))
  })

  it('npm 6: its rules for peers, and its version of the lock file', async () => {
    const files = { 'package-lock.json': { lockfileVersion: 1, dependencies: {} } }
    const frozen = await recipe(files)
    assert.deepEqual(frozen.command.slice(0, 2), ['npm', 'ci'])
    assert.ok(frozen.command.includes('--legacy-peer-deps'))
    assert.ok((await recipe(files, 'write')).command.includes('--lockfile-version=1'))
    const asked = await recipe({ ...files, '.npmrc': 'lockfile-version=3\n' }, 'write')
    assert.ok(!asked.command.some((one) => one.startsWith('--lockfile-version')), 'the project says another')
    const current = await recipe({ 'package-lock.json': { lockfileVersion: 3, packages: {} } })
    assert.ok(!current.command.includes('--legacy-peer-deps'))
  })

  it('says what holds for the whole lock file in one notice each, with counts and few names', async () => {
    const packages = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e'].map((name, at) => [
        `node_modules/${name}`,
        {
          version: '1.0.0',
          resolved: `https://mirror${at % 2}.example.com/${name}/-/${name}-1.0.0.tgz`,
          integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
        },
      ]),
    )
    const made = await recipe({ 'package-lock.json': { lockfileVersion: 3, packages } })
    assert.deepEqual(
      made.warnings.map(({ code, severity }) => [code, severity]),
      [
        ['lock-hosts:package-lock.json', 'notice'],
        ['weak-integrity:package-lock.json', 'notice'],
      ],
    )
    assert.match(
      made.warnings[0]?.message ?? '',
      /5 packages from mirror0\.example\.com, mirror1\.example\.com/,
    )
    assert.match(
      made.warnings[1]?.message ?? '',
      /5 of 5 packages .*\(a@1\.0\.0, b@1\.0\.0, c@1\.0\.0 and 2 more\)/,
    )
  })

  it('gives npm the layout of the manifest, from which it takes that of the lock file', async () => {
    const made = await recipe({ 'package.json': '{\r\n\t"name": "fx",\r\n\t"volta": {}\r\n}' })
    assert.equal(text(made, 'package.json'), '{\r\n\t"name": "fx"\r\n}')
  })

  it('takes folders in the repository, and nothing outside of it', async () => {
    const inside = await recipe({
      'package.json': { dependencies: { dep: 'file:./dep' } },
      'dep/package.json': { name: 'dep' },
    })
    assert.ok(inside.files.has('dep/package.json'))
    for (const specifier of [
      'file:../dep',
      'link:/etc',
      'https://attacker.example/x.tgz',
      'github:a/b',
      'a/b',
      'exec:./x.js',
      'file:./missing',
    ])
      await assert.rejects(
        recipe({ 'package.json': { dependencies: { dep: specifier } } }),
        refused(/not a registry/),
        specifier,
      )
  })

  it('runs install scripts of packages only where the lock file says there are any', async () => {
    const lock = (more: object) => ({
      'package-lock.json': {
        lockfileVersion: 3,
        packages: { 'node_modules/x': { version: '1.0.0', integrity: 'sha512-AA==', ...more } },
      },
    })
    const displays = async (files: Readonly<Record<string, string | object>>) =>
      (await recipe(files)).scripts.map(({ display }) => display)
    assert.deepEqual(await displays(lock({})), [])
    assert.deepEqual(await displays(lock({ hasInstallScript: true })), ['npm rebuild'])
    assert.deepEqual(
      await displays({
        ...lock({}),
        'package.json': { scripts: { prepare: 'x', postinstall: 'y', test: 'z' } },
      }),
      ['npm run postinstall', 'npm run prepare'],
    )
  })
})
