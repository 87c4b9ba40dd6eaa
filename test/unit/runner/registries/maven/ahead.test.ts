import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { type Broker, createBroker } from '../../../../../src/runner/broker/broker.ts'
import { filler, readPublished } from '../../../../../src/runner/registries/maven/pom.ts'
import { serveMaven } from '../../../../../src/runner/registries/maven/serve.ts'
import { temporaryFolder } from '../../../../support/madeRepository.ts'
import { type TestMavenRepository, testMavenRepository } from '../../../../support/mavenRepository.ts'
import { connection } from '../../../../support/registry.ts'

const dependency = (artifactId: string, rest = '') =>
  `<dependency><groupId>org.lib</groupId><artifactId>${artifactId}</artifactId>${rest}</dependency>`
const property = (name: string) => `\${${name}}`
const version = (text: string) => `<version>${text}</version>`

/** `app` names some by itself and some by its parent's and an import's word; `deep` comes last, whatever is asked for. */
const poms: Readonly<Record<string, string>> = {
  'org.lib:app:1': `
    <parent><groupId>org.lib</groupId><artifactId>parent</artifactId>${version('1')}</parent>
    <properties><own.version>2</own.version></properties>
    <dependencies>
      ${dependency('managed')}${dependency('imported')}
      ${dependency('optional', `${version('1')}<optional>true</optional>`)}
      ${dependency('testing', `${version('1')}<scope>test</scope>`)}
      ${dependency('ranged', version('[1,2)'))}${dependency('unknown', version(property('what.is.this')))}
      ${dependency('gone', version('1'))}${dependency('denied', version('1'))}
    </dependencies>`,
  'org.lib:parent:1': `<packaging>pom</packaging>
    <properties><own.version>1</own.version></properties>
    <dependencyManagement><dependencies>
      ${dependency('managed', version(property('own.version')))}
      ${dependency('bom', `${version(property('project.version'))}<type>pom</type><scope>import</scope>`)}
    </dependencies></dependencyManagement>`,
  'org.lib:bom:1': `<packaging>pom</packaging><dependencyManagement><dependencies>
      ${dependency('imported', version('3'))}${dependency('managed', version('9'))}
    </dependencies></dependencyManagement>`,
  'org.lib:managed:2': `<dependencies>${dependency('deep', version('1'))}</dependencies>`,
}
const artifacts = {
  'org.lib:app': ['1'],
  'org.lib:parent': ['1'],
  'org.lib:bom': ['1'],
  'org.lib:managed': ['1', '2', '9'],
  'org.lib:imported': ['3'],
  'org.lib:optional': ['1'],
  'org.lib:testing': ['1'],
  'org.lib:denied': ['1'],
  'org.lib:deep': ['1'],
}
const pathOf = (artifactId: string, of: string) => `org/lib/${artifactId}/${of}/${artifactId}-${of}.pom`

describe('POMs that are read ahead', () => {
  let repository: TestMavenRepository
  let cache: Awaited<ReturnType<typeof temporaryFolder>>
  beforeEach(async () => {
    repository = await testMavenRepository(artifacts, poms)
    cache = await temporaryFolder()
  })
  afterEach(async () => {
    await repository[Symbol.asyncDispose]()
    await cache[Symbol.asyncDispose]()
  })

  const opened = () =>
    createBroker({
      registries: [{ upstreams: repository.host.upstreams, connection, serve: serveMaven }],
      cacheDir: cache.path,
      policy: { deny: ['org.lib:denied'] },
    })
  const ask = (broker: Broker, path: string) =>
    broker.handle(
      { method: 'GET', target: `/maven/${path}`, headers: {}, body: Buffer.alloc(0) },
      new AbortController().signal,
    )
  /** Holds the answer to the deepest one back, and tells once it and all that nothing else waits for were asked for. */
  const all = () => {
    const path = pathOf('deep', '1')
    const left = new Set([path, pathOf('gone', '1'), pathOf('imported', '3')])
    let response: ServerResponse | undefined
    return new Promise<ServerResponse>((resolve) => {
      repository.intercept = (request, answer) => {
        const of = request.url?.slice(1) ?? ''
        left.delete(of)
        if (of === path) response = answer
        if (left.size === 0 && response !== undefined) resolve(response)
        return of === path
      }
    })
  }
  const asked = () =>
    repository.requests
      .filter((line) => line.endsWith('.pom'))
      .map((line) => line.replace(/^GET .*\//, ''))
      .sort()

  it('are what comes with an artifact, by its parents and imports, and nothing else', async () => {
    await using broker = opened()
    const last = all()
    await ask(broker, pathOf('app', '1'))
    await last
    const expected = ['app-1', 'bom-1', 'deep-1', 'gone-1', 'imported-3', 'managed-2', 'parent-1']
    assert.deepEqual(
      asked(),
      expected.map((name) => `${name}.pom`),
    )
    // That one was not there is nobody's question yet.
    assert.deepEqual([broker.gone(), broker.refused()], [[], []])
  })

  it('are asked for once, whoever asks', async () => {
    await using broker = opened()
    const last = all()
    await ask(broker, pathOf('app', '1'))
    await last
    const before = asked().length
    for (const path of [pathOf('managed', '2'), pathOf('bom', '1'), pathOf('app', '1')])
      assert.equal((await ask(broker, path)).status, 200)
    assert.equal(asked().length, before)
  })

  it('end with the install', async () => {
    const broker = opened()
    const last = all()
    await ask(broker, pathOf('app', '1'))
    const response = await last
    const closed = once(response, 'close')
    const ended = broker[Symbol.asyncDispose]()
    await Promise.all([closed, ended])
    assert.equal(response.writableFinished, false)
  })

  it('are not read where the host had the first one before', async () => {
    const first = opened()
    const last = all()
    await ask(first, pathOf('app', '1'))
    await last
    await first[Symbol.asyncDispose]()
    const before = asked().length
    await using second = opened()
    assert.equal((await ask(second, pathOf('app', '1'))).status, 200)
    assert.equal((await ask(second, pathOf('optional', '1'))).status, 200)
    assert.deepEqual(asked().length, before + 1)
  })

  it('that are broken, or go round in a ring, are passed over', async () => {
    const ring = `<parent><groupId>org.lib</groupId><artifactId>app</artifactId>${version('1')}</parent>`
    repository.files.set(pathOf('parent', '1'), Buffer.from(`<project>${ring}</project>`))
    repository.files.set(pathOf('imported', '3'), Buffer.from('<project><dependencies>'))
    await using broker = opened()
    assert.equal((await ask(broker, pathOf('app', '1'))).status, 200)
    assert.equal((await ask(broker, pathOf('imported', '3'))).status, 200)
    assert.deepEqual(broker.refused(), [])
  })

  it('fills in no more than a version is long', () => {
    const many = property('many').repeat(200)
    const text = `<project><properties><many>${many}</many></properties></project>`
    const filled = filler([readPublished(Buffer.from(text))])(property('many'))
    assert.equal(filled, property('many'))
  })
})
