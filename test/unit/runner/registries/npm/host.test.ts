import assert from 'node:assert/strict'
import { join } from 'node:path'
import { readNpmHost } from '../../../../../src/runner/registries/npm/host.ts'
import { temporaryFolder, writeFiles } from '../../../../support/madeRepository.ts'

const certificate = '-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----'

describe('npm configuration of the host', () => {
  const host = async (npmrc: string, env: Readonly<Record<string, string>> = {}) => {
    await using home = await temporaryFolder()
    await writeFiles(home.path, { '.npmrc': npmrc, 'ca.pem': `${certificate}\n${certificate}\n` })
    const own = { HOME: home.path, PATH: process.env.PATH ?? '', SSL_CERT_FILE: join(home.path, 'ca.pem') }
    return await readNpmHost({ ...own, ...env })
  }

  it('has the registries, scopes, credentials, certificates and proxy', async () => {
    const found = await host(
      [
        'registry=https://registry.example.com/npm',
        '@corp:registry=https://corp.example.com/',
        // biome-ignore lint/suspicious/noTemplateCurlyInString: npm's own syntax
        '//corp.example.com/:_authToken=${TOKEN}',
        'https-proxy=http://proxy.example.com:3128',
        'noproxy=corp.example.com',
        'strict-ssl=false',
      ].join('\n'),
      { TOKEN: 'secret' },
    )
    assert.deepEqual(
      found.upstreams.map(({ url, scope }) => [url, scope]),
      [
        ['https://registry.example.com/npm/', undefined],
        ['https://corp.example.com/', '@corp'],
      ],
    )
    assert.equal(found.connection.credentials['//corp.example.com/:_authToken'], 'secret')
    assert.equal(found.connection.proxy, 'http://proxy.example.com:3128')
    assert.equal(found.connection.noProxy, 'corp.example.com')
    assert.equal(found.connection.strictSsl, false)
    assert.ok(found.connection.ca?.filter((pem) => pem === certificate).length === 1)
    assert.ok((found.connection.ca?.length ?? 0) > 100, 'the usual authorities count as well')
  })

  it('takes the environment, but not what npm made of a repository', async () => {
    const set = { npm_config_registry: 'https://env.example.com/' }
    const first = async (env: Readonly<Record<string, string>>) => (await host('', env)).upstreams[0]?.url
    assert.equal(await first(set), 'https://env.example.com/')
    assert.notEqual(await first({ ...set, npm_execpath: '/usr/lib/npm-cli.js' }), 'https://env.example.com/')
    const own = { NPM_CONFIG_REGISTRY: 'https://own.example.com/', npm_execpath: '/usr/lib/npm-cli.js' }
    assert.equal(await first(own), 'https://own.example.com/')
  })

  it('takes the proxy from the environment where npm names none', async () => {
    const env = { HTTPS_PROXY: 'http://env.example.com:3128', NO_PROXY: 'corp.example.com' }
    const found = await host('', env)
    assert.equal(found.connection.proxy, env.HTTPS_PROXY)
    assert.equal(found.connection.noProxy, env.NO_PROXY)
    assert.equal(
      (await host('https-proxy=http://npm.example.com', env)).connection.proxy,
      'http://npm.example.com',
    )
  })

  it('digests the registries and not the credentials', async () => {
    const one = await host('registry=https://a.example.com/\n//a.example.com/:_authToken=x\n')
    const two = await host('registry=https://a.example.com/\n//a.example.com/:_authToken=y\n')
    const three = await host('registry=https://b.example.com/\n')
    assert.equal(one.digest, two.digest)
    assert.notEqual(one.digest, three.digest)
  })
})
