import assert from 'node:assert/strict'
import { readManifests } from '../../../../../src/runner/ecosystems/npm/manifest.ts'
import { downloadWarnings } from '../../../../../src/runner/ecosystems/npm/tools/downloads.ts'
import { otherEngine } from '../../../../../src/runner/ecosystems/npm/tools/engines.ts'
import { scriptEnvironment } from '../../../../../src/runner/ecosystems/npm/tools/environment.ts'
import { rcVariables } from '../../../../../src/runner/ecosystems/npm/tools/rcVariables.ts'
import { treeOf } from '../../../../support/tree.ts'

const variable = (name: string) => `\${${name}}`
const unset = 'not-set-in-the-sandbox'

describe('variables of rc files', () => {
  it('get a value that the setting accepts', async () => {
    const tree = treeOf({
      '.npmrc': `//registry.example.com/:_authToken=${variable('NPM_TOKEN')}\nregistry=${variable('MY_REGISTRY')}\n`,
      '.yarnrc.yml': [
        'npmScopes:',
        '  acme:',
        `    npmAuthToken: "${variable('ACME')}"`,
        `    npmRegistryServer: "https://${variable('ACME_HOST')}/npm"`,
        `    npmAlwaysAuth: ${variable('ALWAYS')}`,
        `httpTimeout: ${variable('WAIT')}`,
        `enableTelemetry: ${variable('TELL')}`,
      ].join('\n'),
      'packages/a/.npmrc': `//registry.example.com/:_password=${variable('PASSWORD')}`,
      'node_modules/x/.npmrc': `a=${variable('OTHER')}`,
      'src/a.ts': variable('NOT_AN_RC'),
    })
    assert.deepEqual(await rcVariables(tree), {
      NPM_TOKEN: unset,
      MY_REGISTRY: 'http://127.0.0.1:9/',
      ACME: unset,
      ACME_HOST: unset,
      ALWAYS: 'false',
      WAIT: '1',
      TELL: 'false',
      PASSWORD: unset,
    })
  })

  it('never stand for what the container, the shell or a package manager reads itself', async () => {
    const names = [
      'PATH',
      'HOME',
      'LD_PRELOAD',
      'NODE_OPTIONS',
      'npm_config_registry',
      'YARN_PLUGINS',
      'DRYDOCK_RESULTS',
      'BASH_ENV',
    ]
    const tree = treeOf({ '.npmrc': names.map((name) => `a=${variable(name)}`).join('\n') })
    assert.deepEqual(await rcVariables(tree), {})
    const many = Array.from({ length: 200 }, (_, at) => `a=${variable(`V${at}`)}`).join('\n')
    assert.equal(Object.keys(await rcVariables(treeOf({ '.npmrc': many }))).length, 50)
  })

  it('leaves one with a default to its default', async () => {
    assert.deepEqual(
      await rcVariables(treeOf({ '.yarnrc.yml': `npmAuthToken: "${variable('TOKEN:-none')}"` })),
      {},
    )
  })
})

describe('environment of scripts', () => {
  it('puts a Node of old first on the PATH', async () => {
    const at = (major: number) => scriptEnvironment(treeOf({}), { image: { kind: 'node', major } })
    assert.equal((await at(12)).PATH, '/opt/project/bin:/usr/local/bin:/usr/bin:/bin')
    assert.deepEqual(await at(18), {})
  })

  it('says once what is not downloaded', () => {
    const locked = (name: string) => ({ name, version: '1.0.0', requires: [], local: false })
    const [warning, ...more] = downloadWarnings(['ms', 'puppeteer', 'cypress', 'puppeteer'].map(locked))
    assert.match(warning?.message ?? '', /What cypress, puppeteer would download/)
    assert.deepEqual(more, [])
    assert.deepEqual(downloadWarnings([locked('ms'), locked('puppeteer-core')]), [])
  })
})

describe('a strict check of engines', () => {
  const other = async (major: number, engines: object, npm?: number) => {
    const manifests = await readManifests(treeOf({ 'package.json': { engines } }))
    const image = { kind: 'node' as const, major, ...(npm === undefined ? {} : { npm }) }
    return otherEngine(
      {
        ecosystem: 'npm',
        packageManager: 'npm@10',
        manifests: [],
        versionsIn: 'locks',
        locks: [],
        image,
        config: {},
      },
      manifests,
    )
  }

  it('holds where the project gets what it asks for', async () => {
    assert.equal(await other(20, { node: '>=20', npm: '>=10' }), false)
    assert.equal(await other(20, { node: '>=20', npm: '>=11' }, 11), false)
    assert.equal(await other(22, {}), false)
  })

  it('would only refuse where another Node, npm or manager installs', async () => {
    assert.equal(await other(20, { node: '20.11.0' }), true)
    assert.equal(await other(20, { npm: '>=11' }), true)
    assert.equal(await other(12, {}), true)
    assert.equal(await other(22, { pnpm: '9.1.0' }), true)
  })
})
