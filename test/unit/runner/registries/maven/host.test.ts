import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { zipSync } from 'fflate'
import { readMavenHost } from '../../../../../src/runner/registries/maven/host.ts'
import { mirrors } from '../../../../../src/runner/registries/maven/settings.ts'

const superPom =
  '<project><repositories><repository><id>central</id><url>https://central.example.com/maven2</url></repository></repositories></project>'

describe("the user's Maven configuration", () => {
  let folder: string
  const home = () => join(folder, 'home')
  const maven = () => join(folder, 'maven')
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'drydock-host-'))
    await write('maven/bin/mvn', '#!/bin/sh\necho must not run; exit 1\n')
    const jar = zipSync({ 'org/apache/maven/model/pom-4.0.0.xml': Buffer.from(superPom) })
    await write('maven/lib/maven-model-builder-3.9.9.jar', Buffer.from(jar))
  })
  afterEach(() => rm(folder, { recursive: true }))

  async function write(path: string, content: string | Buffer): Promise<void> {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content, { mode: 0o755 })
  }
  const settings = (body: string) => write('home/.m2/settings.xml', `<settings>${body}</settings>`)
  const read = (env: Record<string, string> = {}) =>
    readMavenHost({ PATH: join(maven(), 'bin'), ...env }, home())

  it("is the default repository of the user's Maven where nothing else is said", async () => {
    const { upstreams } = await read()
    assert.deepEqual(
      upstreams.map(({ name, url, headers }) => [name, url, headers]),
      [['maven', 'https://central.example.com/maven2/', {}]],
    )
  })

  it('is the mirror, with what its server asks for, also without a Maven', async () => {
    await settings(
      `<mirrors><mirror><id>corp</id><mirrorOf>*</mirrorOf><url>https://registry.example.com/maven</url></mirror></mirrors>
       <servers><server><id>corp</id><username>ann</username><password>\${env.SECRET}</password>
       <configuration><httpHeaders><property><name>X-Team</name><value>blue</value></property></httpHeaders></configuration></server></servers>
       <proxies><proxy><host>proxy.example.com</host><port>3128</port><nonProxyHosts>localhost|*.example.org</nonProxyHosts></proxy></proxies>`,
    )
    const found = await readMavenHost({ PATH: '', SECRET: 's3' }, home())
    const authorization = `Basic ${Buffer.from('ann:s3').toString('base64')}`
    assert.deepEqual(found.upstreams, [
      {
        name: 'maven',
        url: 'https://registry.example.com/maven/',
        headers: { authorization, 'x-team': 'blue' },
      },
    ])
    assert.deepEqual(
      [found.connection.proxy, found.connection.noProxy],
      ['http://proxy.example.com:3128', 'localhost,.example.org'],
    )
  })

  it('asks repositories of active profiles first, and no credential changes the digest', async () => {
    const profile = (id: string, url: string) =>
      `<profile><id>${id}</id><repositories><repository><id>${id}</id><url>${url}</url></repository></repositories></profile>`
    const body = `<profiles>${profile('own', 'https://own.example.com/r')}${profile('off', 'https://off.example.com/')}</profiles>
      <activeProfiles><activeProfile>own</activeProfile></activeProfiles>`
    await settings(body)
    const first = await read()
    assert.deepEqual(
      first.upstreams.map(({ name, url }) => `${name} ${url}`),
      ['maven https://own.example.com/r/', 'maven-2 https://central.example.com/maven2/'],
    )
    await settings(
      `${body}<servers><server><id>own</id><username>a</username><password>b</password></server></servers>`,
    )
    const second = await read()
    assert.equal(second.digest, first.digest)
    assert.notDeepEqual(second.upstreams, first.upstreams)
  })

  it('says in words that there is none, or that a file is broken', async () => {
    await assert.rejects(readMavenHost({ PATH: '' }, home()), /registry-not-allowed: No Maven repository/)
    await settings('<mirrors>')
    await assert.rejects(read(), /bad-config: .*settings\.xml/)
  })

  it('reads mirror expressions as Maven does', () => {
    const central = { id: 'central', url: 'https://a.example.com/' }
    const local = { id: 'here', url: 'http://localhost:8081/' }
    const table: [string, boolean, boolean][] = [
      ['*', true, true],
      ['external:*', true, false],
      ['central', true, false],
      ['*,!central', false, true],
      ['here, central', true, true],
      ['external:http:*', false, false],
    ]
    for (const [of, a, b] of table) assert.deepEqual([mirrors(of, central), mirrors(of, local)], [a, b], of)
  })
})
