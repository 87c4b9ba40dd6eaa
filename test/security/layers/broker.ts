import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { z } from 'zod'
import { createBroker } from '../../../src/runner/broker/broker.ts'
import { serveMaven } from '../../../src/runner/registries/maven/serve.ts'
import { serveNpm } from '../../../src/runner/registries/npm/serve.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { connection, integrityOf, tarballOf } from '../../support/registry.ts'
import { relayPair } from '../../support/relayPair.ts'
import { type Case, inputOf, type Layer, Malformed } from '../case.ts'
import { openContainers } from './containers.ts'

const Answer = z.looseObject({
  status: z.int().default(200),
  bytes: z.union([z.string(), z.number()]).optional(),
  body: z.string().optional(),
  location: z.string().optional(),
  headers: z.record(z.string(), z.string()).default({}),
})
type Answer = z.infer<typeof Answer>

const Input = z.looseObject({
  raw: z.string().optional(),
  exec: z.string().optional(),
  container: z.string().optional(),
  upstreamAnswers: Answer.optional(),
  policy: z.looseObject({ upstreams: z.record(z.string(), z.string()) }),
})

/** Cases of the package broker, behind the real relay, and of containers that have none. */
export async function openBroker(): Promise<Layer> {
  const containers = openContainers()
  return {
    async run(one) {
      const { exec, container, raw } = inputOf(Input, one)
      if (exec !== undefined) return containers.confined(exec, container)
      if (raw === undefined) throw new Malformed('neither `raw` nor `exec`')
      const hasBroker = container === undefined || container === 'install'
      return hasBroker ? play(one) : containers.withoutBroker(raw, container)
    },
    [Symbol.asyncDispose]: () => containers[Symbol.asyncDispose](),
  }
}

async function play(one: Case): Promise<string | undefined> {
  const { raw = '', upstreamAnswers, policy } = inputOf(Input, one)
  const [, target = ''] = /^\S+ (\S+)/.exec(raw) ?? []
  await using folder = await temporaryFolder()
  await using registry = await openRegistry(target, upstreamAnswers)
  const by = { ...connection, credentials: {} }
  const named = (isMeant: (name: string) => boolean) =>
    Object.keys(policy.upstreams)
      .filter(isMeant)
      .map((name) => ({ name, url: `${registry.url}${name}/`, headers: {} }))
  const broker = createBroker({
    registries: [
      { upstreams: named(isMaven), connection: by, serve: serveMaven },
      { upstreams: named((name) => !isMaven(name)), connection: by, serve: serveNpm },
    ],
    cacheDir: folder.path,
    limits: { maxMetadataBytes: 100_000, maxFileBytes: 100_000 },
    ...(upstreamAnswers === undefined
      ? {}
      : { pins: new Map([[target, integrityOf(expectedFile(target))]]) }),
  })
  await using pair = await relayPair(broker.handle)
  const { status, text } = await pair.raw(raw)
  const sent = JSON.stringify(registry.requests)
  if (sent.includes('CANARY')) return `the upstream was sent ${sent}`
  if (one.expect === 'allow') return status === 200 ? undefined : `answered ${status}: ${text.slice(0, 300)}`
  if (one.expect === 'deny') {
    if (status !== 0 && status < 400) return `answered ${status}`
    return upstreamAnswers === undefined && registry.requests.length > 0
      ? `the upstream was asked ${sent}`
      : undefined
  }
  if (/CANARY|^(set-cookie|location|x-[^:]*):/im.test(text)) return `passed on: ${text.slice(0, 300)}`
  if (status === 200) return undefined
  return broker.refused()[0]?.message === undefined ? `answered ${status} without a word` : undefined
}

function isMaven(name: string): boolean {
  return /maven|gradle|central/i.test(name)
}

interface Registry extends AsyncDisposable {
  /** Ends with a slash. */
  readonly url: string
  readonly requests: readonly { readonly url: string; readonly headers: IncomingHttpHeaders }[]
}

function expectedFile(target: string): Buffer {
  return tarballOf(target, '')
}

/** A registry that has whatever the case's target asks for, or answers as the case says. */
async function openRegistry(target: string, answer: Answer | undefined): Promise<Registry> {
  const requests: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer((request, response) => {
    const { url = '', headers } = request
    requests.push({ url, headers })
    if (answer !== undefined) return void answerAs(answer, response)
    const isFile = /\/-\/|\.(pom|jar|xml|sha1|module)$/.test(url)
    const base = `http://${headers.host}`
    response.end(isFile ? expectedFile(target) : JSON.stringify(packument(target, url, base)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Metadata with the one version that the target names, `1.0.0` where it names none. */
function packument(target: string, url: string, base: string): object {
  const name = decodeURIComponent(url.split('/').slice(2).join('/'))
  const bare = name.slice(name.lastIndexOf('/') + 1)
  const [, asked = '1.0.0'] = /(?:-|\/)(\d+\.\d+\.\d[^/]*?)(?:\.tgz)?$/.exec(target) ?? []
  const version = decodeURIComponent(asked)
  const file = `${bare}-${version}.tgz`
  const tarball = `${base}${url.replace('%2f', '/')}/-/${file}`
  const dist = { tarball, integrity: integrityOf(expectedFile(target)) }
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { name, version, dist } } }
}

function answerAs({ status, bytes, body, location, headers }: Answer, response: ServerResponse): void {
  response.writeHead(status, { ...headers, ...(location === undefined ? {} : { location }) })
  if (bytes === 'endless') endless(response)
  else if (typeof bytes === 'number') response.end(Buffer.alloc(bytes, 0x41))
  else response.end(body ?? bytes ?? '')
}

function endless(response: ServerResponse): void {
  const chunk = Buffer.alloc(65_536)
  const more = (): void => {
    while (!response.destroyed && response.write(chunk)) {}
  }
  response.on('drain', more)
  more()
}
