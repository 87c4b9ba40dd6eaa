import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { detect } from '../../../../../src/runner/ecosystems/npm/detect.ts'
import { chooseNode } from '../../../../../src/runner/ecosystems/npm/node.ts'
import {
  nodeVersions,
  npmVersions,
  parseNodeWish,
} from '../../../../../src/runner/ecosystems/npm/tools/versions.ts'
import { NodePackages } from '../../../../../src/runner/toolchains/node/recipe.ts'
import { treeOf } from '../../../../support/tree.ts'

type Files = Readonly<Record<string, string | object>>

const engines = (node: string, npm?: string) => ({
  'package.json': { engines: { node, ...(npm === undefined ? {} : { npm }) } },
})
const lock = (packages: object, lockfileVersion = 3) => ({
  'package-lock.json': { lockfileVersion, packages },
})
const expression = (name: string) => `\${{ ${name} }}`
const workflow = (version: string, matrix = '') => `
on: push
env: { NODE: '18' }
jobs:
  test:
    strategy: { matrix: ${matrix || '{}'} }
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: ${version} }
`

/** Name, files, and `major source`. */
const rows: readonly (readonly [string, Files, string])[] = [
  ['nothing at all', {}, '22 nothing in the repository names one'],
  ['its own configuration', { '.nvmrc': '20', '.drydock.json': { node: '24' } }, '24 node in .drydock.json'],
  ['.nvmrc', { '.nvmrc': 'v20.1.0\n', '.node-version': '18' }, '20 .nvmrc'],
  ['.nvmrc with a comment', { '.nvmrc': '# ours\n18 # as deployed\n' }, '18 .nvmrc'],
  ['.nvmrc of a name', { '.nvmrc': 'lts/hydrogen' }, '18 .nvmrc'],
  ['.nvmrc of an old name', { '.nvmrc': 'lts/erbium' }, '12 .nvmrc'],
  ['.nvmrc of lts/*', { '.nvmrc': 'lts/*' }, '24 .nvmrc'],
  ['.nvmrc of lts/-1', { '.nvmrc': 'lts/-1' }, '22 .nvmrc'],
  ['.nvmrc of node', { '.nvmrc': 'node' }, '26 .nvmrc'],
  ['.nvmrc older than any image', { '.nvmrc': '8.9' }, '10 .nvmrc'],
  ['.nvmrc between images', { '.nvmrc': '13' }, '14 .nvmrc'],
  ['.nvmrc newer than any image', { '.nvmrc': '99' }, '26 .nvmrc'],
  ['.nvmrc that names nothing', { '.nvmrc': 'system', '.node-version': '20.x' }, '20 .node-version'],
  ['.node-version', { '.node-version': '16.20.2' }, '16 .node-version'],
  ['.tool-versions', { '.tool-versions': 'ruby 3.2\nnodejs 20.11.1 18.0.0\n' }, '20 .tool-versions'],
  ['mise.toml', { 'mise.toml': '[tools]\nnode = "18"\n' }, '18 mise.toml'],
  ['mise.toml with options', { '.mise.toml': '[tools]\nnode = { version = "20" }\n' }, '20 .mise.toml'],
  ['mise.toml with a list', { 'mise.toml': '[tools]\nnodejs = [24, 20]\n' }, '24 mise.toml'],
  [
    'mise.toml that does not parse',
    { 'mise.toml': '[tools\nnode = 18', '.nvmrc': '' },
    '22 nothing in the repository names one',
  ],
  [
    'volta',
    { 'package.json': { volta: { node: '18.2.0' }, engines: { node: '20.x' } } },
    '18 volta in package.json',
  ],
  [
    'volta from another file',
    { 'package.json': { volta: { extends: 'tools/v.json' } }, 'tools/v.json': { volta: { node: '20.1.0' } } },
    '20 volta in package.json',
  ],
  [
    'devEngines',
    { 'package.json': { devEngines: { runtime: [{ name: 'node', version: '>=23' }] } } },
    '24 devEngines in package.json',
  ],
  [
    'a feature of a dev container',
    {
      '.devcontainer/devcontainer.json':
        '{\n  // ours\n  "features": { "registry.example.com/features/node:1": { "version": "20" }, },\n  "dockerComposeFile": "c.yml"\n}',
    },
    '20 .devcontainer/devcontainer.json; services that it starts are not there in a check',
  ],
  [
    'the image of a dev container, with a version of its own first',
    { '.devcontainer.json': { image: 'registry.example.com/devcontainers/typescript-node:1-18-bookworm' } },
    '18 .devcontainer.json',
  ],
  [
    'a dev container that leaves it open',
    {
      '.devcontainer.json': {
        image: 'registry.example.com/base:ubuntu',
        features: { 'x/node:1': { version: 'lts' } },
      },
    },
    '22 nothing in the repository names one',
  ],
  ['engines of one line', engines('^18.17'), '18 engines in package.json'],
  ['engines of one version', engines('20.11.0'), '20 engines in package.json'],
  ['engines with an upper end', engines('>=16 <21'), '20 engines in package.json'],
  ['engines of old', engines('>=8 <=12'), '12 engines in package.json'],
  ['engines without an end', engines('>=18'), '22 engines in package.json'],
  ['engines with a newer npm', engines('>=20', '>=11'), '24 engines in package.json'],
  [
    'one line, before CI',
    { ...engines('20.x'), '.github/workflows/ci.yml': workflow('18') },
    '20 engines in package.json',
  ],
  ['CI', { '.github/workflows/ci.yml': workflow("'20'") }, '20 .github/workflows/ci.yml'],
  [
    'a matrix of CI',
    { '.github/workflows/ci.yml': workflow(`'${expression('matrix.node')}'`, '{ node: [16, 18, 19] }') },
    '18 .github/workflows/ci.yml',
  ],
  [
    'an included combination',
    {
      '.github/workflows/ci.yml': workflow(
        `'${expression('matrix.v')}'`,
        '{ include: [{ v: 16 }, { v: 20.x }] }',
      ),
    },
    '20 .github/workflows/ci.yml',
  ],
  [
    'a variable of CI',
    { '.github/workflows/ci.yml': workflow(`'${expression('env.NODE')}'`) },
    '18 .github/workflows/ci.yml',
  ],
  [
    'CI within engines',
    { ...engines('>=16'), '.github/workflows/ci.yml': workflow('20') },
    '20 .github/workflows/ci.yml',
  ],
  [
    'CI outside engines',
    { ...engines('>=20'), '.github/workflows/ci.yml': workflow('18') },
    '22 engines in package.json',
  ],
  [
    'the workflow that tests',
    { '.github/workflows/a-pages.yml': workflow('24'), '.github/workflows/test.yml': workflow('20') },
    '20 .github/workflows/test.yml',
  ],
  [
    'the job that tests, of a workflow with others',
    {
      '.github/workflows/main.yml': `
jobs:
  links: { steps: [{ uses: a/setup-node@v4, with: { node-version: 24 } }, { run: npx link-check }] }
  unit: { steps: [{ uses: a/setup-node@v4, with: { node-version: 18 } }, { run: npm ci }, { run: npm test }] }
`,
    },
    '18 .github/workflows/main.yml',
  ],
  [
    'a workflow that tests under any name',
    {
      '.github/workflows/build.yml': workflow('24'),
      '.github/workflows/quality.yml': `${workflow('18')}      - run: yarn test:unit --ci\n`,
    },
    '18 .github/workflows/quality.yml',
  ],
  [
    'no workflow that tests nothing',
    {
      '.github/workflows/markdown-link-check.yml': workflow('16'),
      '.github/workflows/release.yml': `${workflow('24')}      - run: npm ci\n      - run: npm publish\n`,
      '.github/workflows/build-docs.yml': workflow('18'),
    },
    '22 nothing in the repository names one',
  ],
  [
    'a workflow of the name that GitHub gives',
    { '.github/workflows/a.yml': workflow('24'), '.github/workflows/nodejs.yml': workflow('18') },
    '18 .github/workflows/nodejs.yml',
  ],
  [
    'all workflows that test, not the first one',
    { '.github/workflows/old-test.yml': workflow("'0.10'"), '.github/workflows/test.yml': workflow('18') },
    '18 .github/workflows/test.yml',
  ],
  [
    'another service where the workflows name what has no image',
    { '.github/workflows/test.yml': workflow("'0.10'"), '.travis.yml': 'node_js: 12' },
    '12 .travis.yml',
  ],
  ['CI of old', { '.travis.yml': 'node_js: ["0.10", "4"]' }, '10 .travis.yml'],
  [
    'the one of CI that engines admit',
    {
      ...engines('>=14 <19'),
      '.github/workflows/test.yml': workflow(`'${expression('matrix.v')}'`, '{ v: [16, 20] }'),
    },
    '16 .github/workflows/test.yml',
  ],
  [
    'a range of CI that is one line',
    { '.github/workflows/test.yml': workflow("'^18.12'") },
    '18 .github/workflows/test.yml',
  ],
  [
    'the next service where a workflow names a range',
    { '.github/workflows/test.yml': workflow("'>=8'"), '.travis.yml': 'node_js: 16' },
    '16 .travis.yml',
  ],
  ['Travis by what was current', { '.travis.yml': 'node_js: node' }, '24 .travis.yml'],
  [
    'Travis by what was current, beside a number',
    { '.travis.yml': 'node_js: [lts/*, node, 8, 12]' },
    '12 .travis.yml',
  ],
  [
    'Travis by what was current at the time of its packages',
    { '.travis.yml': 'node_js: stable', 'package-lock.json': { lockfileVersion: 1 } },
    '14 lockfileVersion 1 of package-lock.json',
  ],
  [
    'Travis by what was current, which its packages do not admit',
    {
      '.travis.yml': 'node_js: lts/*',
      ...lock({ 'node_modules/a': { version: '1.0.0', engines: { node: '^18 || ^20' } } }),
    },
    '20 nothing in the repository names one',
  ],
  [
    'a job that Travis includes',
    { '.travis.yml': 'jobs:\n  include:\n    - node_js: 14\n    - script: npm run lint\n' },
    '14 .travis.yml',
  ],
  ['Travis', { '.travis.yml': 'node_js:\n  - 10\n  - "12"\n' }, '12 .travis.yml'],
  [
    'CircleCI',
    { '.circleci/config.yml': 'jobs: { t: { docker: [{ image: "cimg/node:18.2" }] } }' },
    '18 .circleci/config.yml',
  ],
  [
    'packages that a newer Node is not for',
    lock({ 'node_modules/a': { version: '1.0.0', engines: { node: '^18 || ^20' } } }),
    '20 nothing in the repository names one',
  ],
  [
    'packages that are optional',
    lock({ 'node_modules/a': { version: '1.0.0', optional: true, engines: { node: '18' } } }),
    '22 nothing in the repository names one',
  ],
  [
    'packages of pnpm',
    { 'pnpm-lock.yaml': "lockfileVersion: '9.0'\npackages:\n  a@1.0.0:\n    engines: {node: '>=23'}\n" },
    '24 nothing in the repository names one',
  ],
  [
    'a lock file of npm 6',
    { 'package-lock.json': { lockfileVersion: 1 } },
    '14 lockfileVersion 1 of package-lock.json',
  ],
  ['types of Node', lock({ 'node_modules/@types/node': { version: '20.4.1' } }), '20 @types/node 20.4.1'],
  [
    'node-sass in yarn.lock',
    { 'yarn.lock': '# yarn lockfile v1\n\nnode-sass@^4.9.0:\n  version "4.9.3"\n' },
    '10 node-sass 4.9.3',
  ],
  [
    'the types that the project itself asks for, of several',
    {
      'package.json': { devDependencies: { '@types/node': '12' } },
      'yarn.lock':
        '# yarn lockfile v1\n\n"@types/node@*":\n  version "10.12.18"\n\n"@types/node@12":\n  version "12.20.15"\n',
    },
    '12 @types/node 12.20.15',
  ],
  ['webpack 4, declared', { 'package.json': { devDependencies: { webpack: '^4.0.0' } } }, '16 webpack 4.0.0'],
  [
    'a time before what its scripts call',
    {
      'package-lock.json': { lockfileVersion: 1 },
      'package.json': { scripts: { test: 'node --no-warnings --test' } },
    },
    '22 nothing in the repository names one',
  ],
  [
    'a time before its package manager',
    {
      'yarn.lock': '__metadata:\n  version: 8\n',
      'package.json': { devDependencies: { webpack: '^4.0.0' } },
    },
    '22 nothing in the repository names one',
  ],
  [
    'a time that engines exclude',
    { 'package.json': { engines: { node: '>=18' }, devDependencies: { webpack: '^4.0.0' } } },
    '22 engines in package.json',
  ],
]

async function choiceOf(files: Files): Promise<string> {
  const tree = treeOf({ 'package.json': {}, ...files })
  const manifest = JSON.parse(String(await tree.read('package.json')))
  const own = files['.drydock.json'] as { node?: string } | undefined
  const { major, source } = await chooseNode(tree, manifest, own?.node)
  return `${major} ${source}`
}

describe('the Node of a project', () => {
  for (const [name, files, expected] of rows)
    it(`by ${name}`, async () => assert.equal(await choiceOf(files), expected))

  it('comes with the npm that the project asks for', async () => {
    const image = async (files: Files) => (await detect(treeOf({ 'package.json': {}, ...files })))?.image
    const lockfile = { 'package-lock.json': { lockfileVersion: 3, packages: {} } }
    assert.deepEqual(await image({ ...lockfile, ...engines('>=20', '>=11') }), { kind: 'node', major: 24 })
    const pinned = { ...engines('>=20', '>=11'), '.nvmrc': '20' }
    assert.deepEqual(await image({ ...lockfile, ...pinned }), { kind: 'node', major: 20, npm: 11 })
    const declared = { 'package.json': { packageManager: 'npm@11.1.0' }, '.nvmrc': '22' }
    assert.deepEqual(await image({ ...lockfile, ...declared }), { kind: 'node', major: 22, npm: 11 })
    // npm 7 is in no image: the Node's own is used.
    assert.deepEqual(await image({ ...lockfile, ...engines('20.x', '7.x') }), { kind: 'node', major: 20 })
    assert.deepEqual(await image({ 'yarn.lock': '# yarn lockfile v1\n', ...pinned }), {
      kind: 'node',
      major: 20,
    })
  })

  it('is named with what decided it', async () => {
    const found = await detect(treeOf({ 'package.json': {}, '.nvmrc': '20' }))
    assert.equal(found?.toolchain, 'Node 20 (.nvmrc)')
  })

  it('is read from every usual spelling', () => {
    const majors = ['v18', '18.x', 'nodejs-18.2', 'latest:18', '18.2.0-rc.1', 'lts-hydrogen']
    for (const text of majors) assert.deepEqual(parseNodeWish(text), { major: 18 }, text)
    assert.deepEqual(parseNodeWish('>=18 <21'), { range: '>=18 <21' })
    for (const text of ['system', '', expression('matrix.node'), './.node'])
      assert.equal(parseNodeWish(text), undefined)
  })

  it('has the version that the images carry', async () => {
    const path = join(import.meta.dirname, '../../../../../sandbox/images/packages.json')
    const packages = NodePackages.parse(JSON.parse(await readFile(path, 'utf8')))
    for (const [major, version] of Object.entries(nodeVersions))
      assert.equal(packages.node[major]?.x64?.version, version)
    for (const [major, version] of Object.entries(npmVersions))
      assert.equal(packages.npm[major]?.version, version)
  })
})
