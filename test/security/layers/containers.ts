import type { Container, ContainerKind } from '../../../src/runner/docker/sandbox.ts'
import { createAgentHandler } from '../../../src/runner/repair/handler.ts'
import { relayPair } from '../../support/relayPair.ts'
import { type TestSandbox, testSandbox } from '../../support/sandbox.ts'
import { canary } from '../case.ts'

const kinds: readonly ContainerKind[] = ['agent', 'install', 'project']
const node = '/usr/local/bin/node'
const limits = { timeoutMs: 60_000, maxOutputBytes: 100_000 }

/** Containers of every kind, waiting; started when the first case needs them. */
export interface Containers extends AsyncDisposable {
  /** Runs a command and looks whether it found any way out. */
  confined(command: string, kind?: string): Promise<string | undefined>
  /** Sends bytes to where the package relay would be. */
  withoutBroker(raw: string, kind: string): Promise<string | undefined>
}

export function openContainers(): Containers {
  const started = new Map<string, Promise<Container>>()
  let box: Promise<TestSandbox> | undefined
  const start = async (kind: ContainerKind): Promise<Container> => {
    box ??= testSandbox()
    const { sandbox, image } = await box
    const need = kind === 'agent' ? ({ kind: 'agent' } as const) : ({ kind: 'node', major: 24 } as const)
    const spec = kind === 'project' ? {} : { command: ['/bin/sleep', 'infinity'] }
    return sandbox.start({ kind, image: await image(need), ...spec })
  }
  const get = (kind: ContainerKind): Promise<Container> => {
    const made = started.get(kind) ?? start(kind)
    started.set(kind, made)
    return made
  }
  return {
    async confined(command, asked) {
      for (const kind of kinds.filter((each) => asked === undefined || each === asked)) {
        const why = await wayOut(await get(kind), command)
        if (why !== undefined) return `${kind}: ${why}`
      }
      return undefined
    },
    withoutBroker: async (raw, kind) =>
      kind === 'agent' ? agentAnswer(raw) : connects(await get('project'), raw),
    async [Symbol.asyncDispose]() {
      await (await box)?.[Symbol.asyncDispose]()
    },
  }
}

const probe = `
const fs = require('node:fs'), net = require('node:net'), dns = require('node:dns'), dgram = require('node:dgram')
const found = []
const links = fs.readFileSync('/proc/net/dev', 'utf8').split('\\n').slice(2).map((line) => line.split(':')[0].trim()).filter(Boolean)
if (links.join() !== 'lo') found.push('links ' + links)
if (fs.readFileSync('/proc/net/route', 'utf8').trim().split('\\n').length > 1) found.push('a route')
const status = fs.readFileSync('/proc/self/status', 'utf8')
if (!/NoNewPrivs:\\s+1/.test(status)) found.push('new privileges')
if (!/CapEff:\\s+0+\\n/.test(status)) found.push('capabilities')
for (const file of ['/x', '/etc/x', '/usr/x', '/drydock/x', '/run/x', '/dev/shm/x', '/dev/mqueue/x', '/var/tmp/x']) {
  try { fs.writeFileSync(file, 'x'); found.push('wrote ' + file) } catch {}
}
for (const file of ['/var/run/docker.sock', '/run/docker.sock']) if (fs.existsSync(file)) found.push(file)
const tries = [['1.1.1.1', 443], ['172.17.0.1', 22], ['172.17.0.1', 2375], ['169.254.169.254', 80], ['host.docker.internal', 80]]
const connect = ([host, port]) => new Promise((done) => {
  const socket = net.connect({ host, port, timeout: 1500 }, () => { found.push('connected to ' + host); socket.destroy(); done() })
  socket.on('error', done).on('timeout', () => { socket.destroy(); done() })
})
const send = () => new Promise((done) => dgram.createSocket('udp4').send('x', 53, '1.1.1.1', function (error) { if (!error) found.push('a datagram left'); this.close?.(); done() }))
const lookup = () => new Promise((done) => dns.lookup('example.org', (error) => { if (!error) found.push('a name was resolved'); done() }))
Promise.all([...tries.map(connect), send(), lookup()]).then(() => { console.log(JSON.stringify(found)); process.exit(0) })
`

async function wayOut(container: Container, command: string): Promise<string | undefined> {
  const { output } = await container.exec(
    ['/usr/bin/timeout', '-k', '1', '3', '/bin/sh', '-c', command],
    limits,
  )
  const said = output.toString('utf8')
  if (said.includes(canary)) return 'the canary is in the output'
  const link = /^\d+: (?!lo[:@])(\S+):/m.exec(said)?.[1]
  if (link !== undefined) return `there is a link ${link}`
  const address = [...said.matchAll(/\b(?:\d{1,3}\.){3}\d{1,3}\b(?=\s+(?:STREAM|\S+\.\S+))/g)].map(
    ([text]) => text,
  )
  if (address.some((text) => !text.startsWith('127.'))) return `an address was found: ${address}`
  const looked = await container.exec([node, '-e', probe], limits)
  const text = looked.output.toString('utf8').trim()
  return text === '[]' ? undefined : `the probe ended with ${looked.exitCode} and says ${text}`
}

/** The agent's relay leads to its own four requests and to nothing else. */
async function agentAnswer(raw: string): Promise<string | undefined> {
  const never = () => {
    throw new Error('reached the agent')
  }
  const handler = createAgentHandler({
    start: {} as never,
    run: {
      handle: never,
      close: never,
      note: never,
      turns: 0,
      end: undefined,
      account: undefined,
      gaveUp: false,
    },
    verify: never,
    document: async () => ({ refused: 'there is none' }),
    maxVerifications: 0,
    onActivity: () => undefined,
  })
  await using pair = await relayPair(handler.handle)
  const { status } = await pair.raw(raw)
  return status === 0 || status >= 400 ? undefined : `answered ${status}`
}

async function connects(container: Container, raw: string): Promise<string | undefined> {
  const script = `const socket = require('node:net').connect(4873, '127.0.0.1', () => socket.end(process.argv[1]))
socket.on('data', (data) => console.log('ANSWERED', String(data))).on('error', (error) => console.log(error.code)).setTimeout(3000, () => process.exit(0))`
  const { output } = await container.exec([node, '-e', script, raw], limits)
  const said = output.toString('utf8').trim()
  return said === 'ECONNREFUSED' ? undefined : `something listens: ${said}`
}
