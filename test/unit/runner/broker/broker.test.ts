import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { z } from 'zod'
import {
  type Broker,
  type BrokerOptions,
  createBroker,
  type Fetched,
} from '../../../../src/runner/broker/broker.ts'
import type { Connection, Upstream } from '../../../../src/runner/broker/upstream.ts'
import type { RelayResponse } from '../../../../src/runner/docker/relay.ts'
import { serveMaven } from '../../../../src/runner/registries/maven/serve.ts'
import { createRegistry } from '../../../../src/runner/registries/npm/registry.ts'
import { serveNpm } from '../../../../src/runner/registries/npm/serve.ts'
import { temporaryFolder } from '../../../support/madeRepository.ts'
import {
  connection,
  hostOf,
  integrityOf,
  type TestRegistry,
  tarballOf,
  testRegistry,
} from '../../../support/registry.ts'
import { relayPair } from '../../../support/relayPair.ts'
import { smallDisk } from '../../../support/smallDisk.ts'

const Case = z.object({
  id: z.string(),
  layer: z.string(),
  input: z.looseObject({ raw: z.string().optional(), upstreamAnswers: z.unknown().optional() }),
  expect: z.string(),
  why: z.string(),
})
const cases = z
  .array(Case)
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'cases.json'), 'utf8')))
  .filter(({ layer }) => layer === 'broker')

const packages = { 'left-pad': { '1.3.0': {} }, '@corp/tool': { '2.0.0': {} } }
const file = '/npm/left-pad/-/left-pad-1.3.0.tgz'

describe('broker', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let registry: TestRegistry
  let fetched: Fetched[]
  beforeEach(async () => {
    folder = await temporaryFolder()
    registry = await testRegistry(packages)
    fetched = []
  })
  afterEach(async () => {
    await registry[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  interface Made extends Partial<BrokerOptions> {
    readonly upstreams?: readonly Upstream[]
    readonly connection?: Connection
    readonly maven?: readonly Upstream[]
  }
  const broker = ({ upstreams, connection: by = connection, maven = [], ...options }: Made = {}): Broker =>
    createBroker({
      registries: [
        { upstreams: upstreams ?? registry.host.upstreams, connection: by, serve: serveNpm },
        { upstreams: maven, connection: by, serve: serveMaven },
      ],
      cacheDir: folder.path,
      onFetched: (one) => void fetched.push(one),
      ...options,
    })
  const get = (from: Broker, target: string, headers = {}, method = 'GET'): Promise<RelayResponse> =>
    from.handle({ method, target, headers, body: Buffer.alloc(0) }, new AbortController().signal)
  const text = ({ body }: RelayResponse): string => (Buffer.isBuffer(body) ? body.toString('utf8') : '')

  describe('the red team', () => {
    for (const one of cases)
      it(`${one.id} is ${one.expect === 'allow' ? 'allowed' : 'refused'}: ${one.why}`, async () => {
        const canary = 'CANARY-UPSTREAM'
        registry.intercept = (request, response) => {
          if (one.input.upstreamAnswers !== undefined) endless(response)
          else if (request.url?.startsWith('/org/')) response.end(canary)
          else return false
          return true
        }
        const maven = { name: 'maven', url: registry.url, headers: {} } as const
        const made = broker({
          maven: [maven],
          limits: { maxMetadataBytes: 100_000, maxFileBytes: 100_000 },
          ...(one.input.upstreamAnswers === undefined ? {} : { pins: new Map([[file, 'sha512-AAAA']]) }),
        })
        await using pair = await relayPair(made.handle)
        const { status } = await pair.raw(one.input.raw ?? '')
        if (one.expect === 'allow') assert.equal(status, 200)
        else assert.ok(status === 0 || status >= 400, `answered ${status}`)
        if (one.expect === 'deny') assert.deepEqual(registry.requests, [])
        if (one.expect === 'contain') assert.match(made.refused()[0]?.message ?? '', /larger than/)
      })
  })

  const denied: Record<string, string> = {
    'dot segments': '/npm/../left-pad',
    'encoded dot segments': '/npm/%2e%2e/left-pad',
    'an encoded slash elsewhere': '/npm/left-pad%2f-',
    'a backslash': '/npm/\\left-pad',
    'a query': '/npm/left-pad?write=true',
    'a fragment': '/npm/left-pad#x',
    'a line break': '/npm/left-pad\r\nHost: x',
    'the upstream itself': '/npm/',
    'a search': '/npm/-/v1/search',
    'a file beside the package': '/npm/left-pad/-/right-pad-1.3.0.tgz',
    'something deeper': '/npm/left-pad/-/left-pad-1.3.0.tgz/x',
    'a user in the path': '/npm/@corp@example.com/x',
  }
  for (const [what, target] of Object.entries(denied))
    it(`refuses ${what}`, async () => {
      const made = broker()
      assert.ok((await get(made, target)).status >= 400)
      assert.deepEqual(registry.requests, [])
      assert.equal(made.refused().length, 1)
    })

  for (const method of ['PUT', 'POST', 'DELETE', 'OPTIONS'])
    it(`refuses ${method}, even without a body`, async () => {
      assert.equal((await get(broker(), '/npm/left-pad', {}, method)).status, 405)
      assert.deepEqual(registry.requests, [])
    })

  it('sends tarball addresses of metadata through the relay', async () => {
    const body = JSON.parse(
      text(await get(broker(), '/npm/left-pad', { accept: 'application/vnd.npm.install-v1+json' })),
    )
    assert.equal(body.versions['1.3.0'].dist.tarball, `http://127.0.0.1:4873${file}`)
  })

  it('serves what the metadata says of one version, by its number or a tag', async () => {
    const made = broker()
    for (const version of ['1.3.0', 'latest']) {
      const { dist } = JSON.parse(text(await get(made, `/npm/left-pad/${version}`)))
      assert.ok(dist.tarball.endsWith(file), dist.tarball)
    }
    assert.equal((await get(made, '/npm/left-pad/9.9.9')).status, 404)
    assert.equal(
      (await get(broker({ policy: { deny: ['left-pad@1.3.0'] } }), '/npm/left-pad/1.3.0')).status,
      404,
    )
  })

  it('serves scoped packages in both spellings', async () => {
    const made = broker()
    for (const name of ['@corp%2ftool', '@corp/tool', '%40corp%2Ftool'])
      assert.equal((await get(made, `/npm/${name}`)).status, 200, name)
    assert.equal((await get(made, '/npm/@corp/tool/-/tool-2.0.0.tgz')).status, 200)
  })

  it('adds the credentials of the host, and none to another registry', async () => {
    await using other = await testRegistry({ '@corp/tool': { '2.0.0': {} } })
    const nerf = registry.url.replace('http:', '')
    const made = broker({
      upstreams: [
        ...registry.host.upstreams,
        { name: 'npm-corp', url: other.url, headers: {}, scope: '@corp' },
      ],
      connection: { ...connection, credentials: { [`${nerf}:_authToken`]: 'secret' } },
    })
    await get(made, '/npm/left-pad', { authorization: 'Bearer of-the-container' })
    await get(made, '/npm-corp/@corp%2ftool', { authorization: 'Bearer of-the-container' })
    assert.equal(registry.requests[0]?.authorization, 'Bearer secret')
    assert.equal(other.requests[0]?.authorization, undefined)
  })

  it('keeps what it checked: the second time asks nobody', async () => {
    const pins = new Map([[file, integrityOf(tarballOf('left-pad', '1.3.0'))]])
    assert.equal(text(await get(broker({ pins }), file)), 'the bytes of left-pad 1.3.0')
    const asked = registry.requests.length
    assert.equal(text(await get(broker({ pins }), file)), 'the bytes of left-pad 1.3.0')
    assert.equal(registry.requests.length, asked)
    assert.deepEqual(
      fetched.map(({ version, cached }) => [version, cached]),
      [
        ['1.3.0', false],
        ['1.3.0', true],
      ],
    )
  })

  it('tells which files of what is pinned it has, and none where something is denied', async () => {
    const pins = new Map([[file, integrityOf(tarballOf('left-pad', '1.3.0'))]])
    assert.deepEqual(await broker({ pins }).held(), [])
    await get(broker({ pins }), file)
    const [one, ...others] = await broker({ pins }).held()
    assert.deepEqual(others, [])
    assert.match(one?.name ?? '', /^content-v2\/sha512\/[0-9a-f]{2}\/[0-9a-f]{2}\/[0-9a-f]{124}$/)
    assert.equal(await readFile(one?.path ?? '', 'utf8'), 'the bytes of left-pad 1.3.0')
    assert.deepEqual(await broker().held(), [])
    assert.deepEqual(await broker({ pins, policy: { deny: ['other'] } }).held(), [])
  })

  it('asks the metadata for the integrity where no lock file gives one', async () => {
    assert.equal((await get(broker(), file)).status, 200)
    assert.deepEqual(
      registry.requests.map(({ url }) => url),
      ['/left-pad', '/left-pad/-/left-pad-1.3.0.tgz'],
    )
  })

  it('refuses bytes that are not what the lock file says, and keeps none of them', async () => {
    const pins = new Map([[file, integrityOf(Buffer.from('other bytes'))]])
    for (const attempt of [1, 2]) {
      const made = broker({ pins })
      assert.equal((await get(made, file)).status, 502, `attempt ${attempt}`)
      assert.equal(made.refused()[0]?.code, 'integrity-mismatch')
    }
  })

  describe('a file too large for memory', () => {
    const bytes = Buffer.alloc(3 << 20, 'abc')
    const pins = new Map([[file, integrityOf(bytes)]])
    const whole = async ({ body }: RelayResponse) =>
      Buffer.isBuffer(body) ? body : Buffer.concat(await Readable.from(body).toArray())
    const serve = (sent: Buffer, ends = true) => {
      registry.intercept = ({ url }, response) => {
        if (url?.endsWith('.tgz') !== true && url?.startsWith('/-/') !== true) return false
        response.writeHead(200, { 'content-length': sent.length + (ends ? 0 : 1) })
        response.write(sent, () => ends || response.destroy())
        if (ends) response.end()
        return true
      }
    }
    const content = async () => {
      const names = await readdir(join(folder.path, 'packages'), { recursive: true, withFileTypes: true })
      return names
        .filter((one) => one.isFile() && !one.parentPath.includes('index'))
        .map((one) => join(one.parentPath, one.name))
    }

    it('is kept once it was checked, served with its size, and asked for once', async () => {
      serve(bytes)
      for (const cached of [false, true]) {
        const answer = await get(broker({ pins }), file)
        assert.equal(answer.headers['content-length'], String(bytes.length))
        assert.ok((await whole(answer)).equals(bytes))
        assert.deepEqual([fetched.at(-1)?.cached, fetched.at(-1)?.bytes], [cached, bytes.length])
      }
      assert.equal(registry.requests.length, 1)
      assert.equal(
        (await get(broker({ pins }), file, {}, 'HEAD')).headers['content-length'],
        String(bytes.length),
      )
    })

    it('is refused where its last byte is another, or where it breaks off, and nothing of it stays', async () => {
      const other = Buffer.from(bytes)
      other[other.length - 1] = 0
      serve(other)
      const wrong = broker({ pins })
      assert.equal((await get(wrong, file)).status, 502)
      assert.equal(wrong.refused()[0]?.code, 'integrity-mismatch')
      serve(bytes, false)
      const cut = broker({ pins })
      assert.equal((await get(cut, file)).status, 502)
      assert.equal(cut.refused()[0]?.code, 'registry-unreachable')
      assert.deepEqual(await content(), [])
    })

    it('names a disk that becomes full on its way, and leaves nothing on it', async function () {
      serve(bytes)
      const cacheDir = join(folder.path, 'packages')
      await mkdir(cacheDir)
      await using _ = await smallDisk(this, cacheDir, '2m')
      const made = broker({ pins })
      await assert.rejects(get(made, file), /ENOSPC/)
      assert.equal(made.refused()[0]?.code, 'disk-full')
      assert.deepEqual(await content(), [])
    })

    it('is fetched again where the cache was damaged', async () => {
      serve(bytes)
      await whole(await get(broker({ pins }), file))
      const [kept = ''] = await content()
      await truncate(kept, bytes.length - 1)
      assert.ok((await whole(await get(broker({ pins }), file))).equals(bytes))
      assert.equal(registry.requests.length, 2)
    })

    it('only passes through where nothing says what it must be; where it breaks off, that is a reason', async () => {
      const maven = { name: 'maven', url: registry.url, headers: {} } as const
      const jar = '/maven/org/c/1-SNAPSHOT/c.jar'
      const asked = () => broker({ maven: [maven] })
      let sent: ServerResponse | undefined
      registry.intercept = (_, response) => {
        response.write(bytes)
        sent = response
        return true
      }
      const answer = await get(asked(), jar)
      sent?.end()
      assert.ok((await whole(answer)).equals(bytes))
      const cut = asked()
      const half = await get(cut, jar)
      sent?.destroy()
      await assert.rejects(whole(half))
      assert.equal(cut.refused()[0]?.code, 'registry-unreachable')
    })
  })

  it('refuses what is asked of a closed registry, by its host', async () => {
    const closed = broker()
    assert.equal((await get(closed, '/closed.packages.example.com/@publish%2fx')).status, 403)
    assert.match(closed.refused()[0]?.message ?? '', /asks for packages from packages\.example\.com,/)
  })

  it('follows redirects to configured upstreams only', async () => {
    await using other = await testRegistry(packages)
    registry.intercept = (request, response) => {
      response.writeHead(302, { location: `${other.url}${request.url?.slice(1)}` }).end()
      return true
    }
    const refusing = broker()
    assert.equal((await get(refusing, '/npm/left-pad')).status, 403)
    assert.equal(refusing.refused()[0]?.code, 'registry-not-allowed')
    assert.deepEqual(other.requests, [])
    const second = { name: 'npm-b', url: other.url, headers: {} } as const
    const allowing = broker({ ...hostOf([...registry.host.upstreams, second]), cacheDir: `${folder.path}/b` })
    assert.equal((await get(allowing, '/npm/left-pad')).status, 200)
  })

  it('never serves what the deny list names', async () => {
    const made = broker({ policy: { deny: ['left-pad@1.3.0'] } })
    assert.equal((await get(made, file)).status, 403)
    assert.deepEqual(JSON.parse(text(await get(made, '/npm/left-pad'))).versions, {})
  })

  it('names a registry that cannot be reached', async () => {
    const gone = { name: 'npm', url: 'http://127.0.0.1:9/', headers: {} } as const
    const made = broker({ upstreams: [gone] })
    assert.equal((await get(made, '/npm/left-pad')).status, 502)
    assert.equal(made.refused()[0]?.code, 'registry-unreachable')
  })

  it('goes through the proxy of the host', async () => {
    // A proxy for plain HTTP is asked for whole addresses.
    await using proxy = await testRegistry({})
    proxy.intercept = (request, response) => {
      assert.equal(request.url, 'http://registry.example.com/left-pad')
      response.end('{"versions":{}}')
      return true
    }
    const made = broker({
      upstreams: [{ name: 'npm', url: 'http://registry.example.com/', headers: {} }],
      connection: { ...connection, proxy: proxy.url, noProxy: 'localhost' },
    })
    assert.equal((await get(made, '/npm/left-pad')).status, 200)
    assert.equal(proxy.requests.length, 1)
  })

  it('passes a 404 on', async () => {
    assert.equal((await get(broker(), '/npm/no-such')).status, 404)
  })

  it('tells what is no registry from one that has no such package', async () => {
    registry.intercept = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>')
      return true
    }
    const made = broker()
    assert.equal((await get(made, '/npm/left-pad')).status, 502)
    assert.match(
      made.refused()[0]?.message ?? '',
      /What answers at 127\.0\.0\.1:\d+ for left-pad is not a registry/,
    )
    await assert.rejects(
      createRegistry(registry.host, folder.path).packument('left-pad'),
      /registry-unreachable: .*is not a registry/,
    )
  })

  it('names a disk that is full, not the registry', async function () {
    const cacheDir = join(folder.path, 'small')
    await mkdir(cacheDir)
    await using _ = await smallDisk(this, cacheDir, '64k')
    await assert.rejects(writeFile(join(cacheDir, 'filler'), Buffer.alloc(100_000, 1)))
    const made = broker({ cacheDir, pins: new Map() })
    await assert.rejects(get(made, file), /ENOSPC/)
    assert.equal(made.refused()[0]?.code, 'disk-full')
  })
})

function endless(response: import('node:http').ServerResponse): void {
  response.writeHead(200)
  const chunk = Buffer.alloc(65_536)
  const more = (): void => {
    while (!response.destroyed && response.write(chunk)) {}
  }
  response.on('drain', more)
  more()
}
