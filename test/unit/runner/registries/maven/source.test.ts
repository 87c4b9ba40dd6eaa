import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBroker } from '../../../../../src/runner/broker/broker.ts'
import { Refusal } from '../../../../../src/runner/broker/refusal.ts'
import type { Upstream } from '../../../../../src/runner/broker/upstream.ts'
import { serveMaven } from '../../../../../src/runner/registries/maven/serve.ts'
import { createMavenSource, type MavenSource } from '../../../../../src/runner/registries/maven/source.ts'
import { type TestMavenRepository, testMavenRepository } from '../../../../support/mavenRepository.ts'
import { connection } from '../../../../support/registry.ts'

const jar = 'org/lib/core/1.0/core-1.0.jar'
const bytes = Buffer.from('the bytes of core 1.0')
const sha1 = 'a5e0e2bbb3ae4d6b1fbf0bd5ab8a8ba8a0a4c0a4'

/** Whether an error is the broker's refusal with this code. */
const refusal = (code: string, status: number) => (error: unknown) =>
  error instanceof Refusal && error.failure.code === code && error.status === status

describe('Maven repositories behind the broker', () => {
  let repository: TestMavenRepository
  let cacheDir: string
  beforeEach(async () => {
    repository = await testMavenRepository({ 'org.lib:core': ['1.0'] })
    repository.files.set(jar, bytes)
    cacheDir = await mkdtemp(join(tmpdir(), 'drydock-broker-'))
  })
  afterEach(async () => {
    await repository[Symbol.asyncDispose]()
    await rm(cacheDir, { recursive: true, force: true })
  })

  function source(...more: readonly Upstream[]): MavenSource {
    const upstreams = [...repository.host.upstreams, ...more]
    return createMavenSource({ upstreams, connection, cacheDir, maxBytes: 1000 })
  }
  const count = (path: string) => repository.requests.filter((line) => line === `GET /${path}`).length

  it('keeps a release whose checksum matched, and asks for it once', async () => {
    const first = await source().get(jar)
    assert.deepEqual([first?.body, first?.cached], [bytes, false])
    const [again, checksum] = await Promise.all([source().get(jar), source().get(`${jar}.sha1`)])
    assert.deepEqual([again?.body, again?.cached, again?.sha1], [bytes, true, first?.sha1])
    assert.equal(checksum?.body.toString(), first?.sha1)
    assert.equal(count(jar), 1)
    assert.equal(count(`${jar}.sha1`), 1)
  })

  it('refuses bytes that are not what their checksum says, and keeps nothing of them', async () => {
    repository.files.set(`${jar}.sha1`, Buffer.from(`SHA1(core-1.0.jar)= ${sha1}\n`))
    await assert.rejects(source().get(jar), refusal('integrity-mismatch', 502))
    repository.files.delete(`${jar}.sha1`)
    assert.equal((await source().get(jar))?.cached, false)
  })

  it('does not keep what has no checksum, nor what changes', async () => {
    repository.intercept = (request, response) => {
      if (request.url?.endsWith('.sha1') !== true) return false
      response.writeHead(404).end()
      return true
    }
    const snapshot = 'org/lib/core/2.0-SNAPSHOT/core-2.0-SNAPSHOT.jar'
    repository.files.set(snapshot, bytes)
    for (const path of [jar, snapshot]) {
      for (let round = 0; round < 2; round++) assert.equal((await source().get(path))?.cached, false)
      assert.equal(count(path), 2)
    }
  })

  it('asks the next repository where one has not got a file; what none has is undefined', async () => {
    await using other = await testMavenRepository({ 'org.lib:other': ['3.0'] })
    const both = source({ ...other.host.upstreams[0], name: 'maven-2' } as Upstream)
    assert.ok(await both.get('org/lib/other/3.0/other-3.0.pom'))
    assert.equal(await both.get('org/lib/none/1/none-1.pom'), undefined)
    assert.equal(await both.get(`${jar}.asc`), undefined)
    const sha512 = createHash('sha512').update(bytes).digest('hex')
    assert.equal((await both.get(`${jar}.sha512`))?.body.toString(), sha512)
    assert.equal((await both.all('org/lib/core/maven-metadata.xml')).length, 1)
  })

  it('follows no redirect to where the configuration does not lead', async () => {
    repository.intercept = (_, response) => {
      response.writeHead(302, { location: 'https://elsewhere.example.com/core-1.0.jar' }).end()
      return true
    }
    await assert.rejects(source().get(jar), refusal('registry-not-allowed', 403))
  })

  it('ends an answer that is too large', async () => {
    repository.files.set(jar, Buffer.alloc(2000))
    await assert.rejects(source().get(jar), refusal('install-failed', 502))
  })

  it('serves files with their checksum, by GET and HEAD alone, and honours the deny list', async () => {
    const registries = [{ upstreams: repository.host.upstreams, connection, serve: serveMaven }]
    await using broker = createBroker({
      registries,
      cacheDir,
      policy: { deny: ['org.lib:core@1.0'] },
    })
    await using open = createBroker({ registries, cacheDir })
    const ask = (of: typeof broker, method: string, target: string) =>
      of.handle({ method, target, headers: {}, body: Buffer.alloc(0) }, new AbortController().signal)
    const served = await ask(open, 'GET', `/maven/${jar}`)
    assert.equal(served.status, 200)
    assert.match(served.headers['x-checksum-sha1'] ?? '', /^[0-9a-f]{40}$/)
    const codes = [
      (await ask(broker, 'GET', `/maven/${jar}`)).status,
      (await ask(open, 'PUT', `/maven/${jar}`)).status,
      (await ask(open, 'GET', '/maven/org/lib/../../etc/passwd')).status,
      (await ask(open, 'GET', `/maven/org/lib/core/1.0/core-1.0.jar?x=1`)).status,
      (await ask(open, 'GET', '/other/org/lib/core/1.0/core-1.0.jar')).status,
      (await ask(open, 'GET', '/maven/org/lib/core/9/core-9.jar')).status,
    ]
    assert.deepEqual(codes, [403, 405, 400, 400, 403, 404])
  })
})
