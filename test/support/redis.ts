import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './freePort.ts'

/** A real Redis of its own on loopback, with its data in a temporary folder. */
export interface TestRedis extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Ends it as a power cut does, and starts it again on the same port and data. */
  restart(): Promise<void>
}

export async function startRedis({
  appendonly = true,
}: {
  readonly appendonly?: boolean
} = {}): Promise<TestRedis> {
  const dir = await mkdtemp(join(tmpdir(), 'drydock-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '']
  const start = async (): Promise<ChildProcess> => {
    const child = spawn('redis-server', [...args, '--appendonly', appendonly ? 'yes' : 'no'], {
      stdio: 'ignore',
    })
    await Promise.race([answers(port), failed(child)])
    return child
  }
  let child = await start()
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async restart() {
      await end('SIGKILL')
      child = await start()
    },
    async [Symbol.asyncDispose]() {
      await end('SIGTERM')
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function failed(child: ChildProcess): Promise<never> {
  const [error] = await Promise.race([once(child, 'error'), once(child, 'exit')])
  throw new Error(`redis-server does not run (${String(error)}): scripts/install-packages redis-server`)
}

/** Resolves when it takes connections and has read its data. */
async function answers(port: number): Promise<void> {
  for (;;) {
    if ((await said(port)).startsWith('+PONG')) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

function said(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (bytes: Buffer) => {
      socket.destroy()
      resolve(bytes.toString())
    })
    socket.once('error', () => resolve(''))
  })
}

/** A way to a server that can be cut and mended: what goes through it hangs meanwhile, as behind a dead link. */
export interface Link extends AsyncDisposable {
  readonly port: number
  cut(): void
  mend(): void
}

export async function linkTo(port: number): Promise<Link> {
  const pairs = new Set<{ pause(): void; end(): void }>()
  let isCut = false
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    // Whoever connects to a dead link waits for an answer that does not come.
    if (isCut) near.pause()
    else near.pipe(far).pipe(near)
    const pair = {
      pause: () => [near, far].map((socket) => socket.pause()),
      end: () => [near, far].map((socket) => socket.destroy()),
    }
    pairs.add(pair)
    for (const socket of [near, far])
      socket.on('error', pair.end).on('close', () => {
        pair.end()
        pairs.delete(pair)
      })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    cut() {
      isCut = true
      for (const pair of pairs) pair.pause()
    },
    mend() {
      isCut = false
      // What hung over it is broken for good, as where an address changed.
      for (const pair of pairs) pair.end()
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) pair.end()
      server.close()
      await once(server, 'close')
    },
  }
}
