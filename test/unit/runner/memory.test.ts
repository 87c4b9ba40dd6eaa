import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { appendFile, open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline, Readable } from 'node:stream'
import { createSession } from '../../../src/store/session.ts'
import { temporaryFolder } from '../../support/madeRepository.ts'
import { connection } from '../../support/registry.ts'
import { sessionTask } from '../../support/sessionTask.ts'

const root = join(import.meta.dirname, '../../..')
const MiB = 1024 * 1024

interface Peak {
  readonly bytes: number
  readonly stdout: string
}

/**
 * Runs a program in a process of its own, and says how much memory it had at most. `ru_maxrss` will not do where the
 * kernel can be asked: it starts with what the process that forked had, here a whole test run.
 */
async function peakOf(source: string, env: NodeJS.ProcessEnv = {}): Promise<Peak> {
  const measured = `${source}
    import { readFileSync } from 'node:fs'
    const peak = () => /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]
    process.stderr.write(String(process.platform === 'linux' ? peak() : process.resourceUsage().maxRSS))`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', measured], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const [code] = await once(child, 'close')
  assert.equal(code, 0, stderr)
  return { bytes: Number(/\d+$/.exec(stderr)?.[0]) * 1024, stdout }
}

describe('memory is bounded', function () {
  this.timeout(60_000)

  it('where the model never ends its answer', async () => {
    const delta = {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: 'x'.repeat(60_000) },
    }
    const piece = `event: content_block_delta\ndata: ${JSON.stringify(delta)}\n\n`
    let sent = 0
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      const usage = { input_tokens: 1, output_tokens: 1 }
      const message = {
        id: 'm',
        type: 'message',
        role: 'assistant',
        content: [],
        model: 'm',
        usage,
        stop_reason: null,
      }
      const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
      response.write(`event: message_start\ndata: ${JSON.stringify({ type: 'message_start', message })}\n\n`)
      response.write(`event: content_block_start\ndata: ${JSON.stringify(block)}\n\n`)
      const go = () => {
        while (!response.destroyed && response.write(piece)) sent += piece.length
        sent += piece.length
      }
      response.on('drain', go)
      go()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const { bytes, stdout } = await peakOf(
      `import { createGateway } from './src/runner/gateway/gateway.ts'
       const connection = { apiKey: 'k', baseURL: ${JSON.stringify(url)} }
       const gateway = createGateway({ connection, budget: { usd: 5, wallClockMs: 15000 }, emit: () => {} })
       const request = { purpose: 'judge', model: 'claude-sonnet-5-5', maxTokens: 1000, system: 's' }
       const messages = [{ role: 'user', content: 'x' }]
       console.log(await gateway.complete({ ...request, messages }).catch((error) => error.message))`,
    )
    server.closeAllConnections()
    server.close()
    assert.match(stdout, /^model-refused: .*larger than 16 MiB/)
    assert.ok(sent < 64 * MiB, `${sent} bytes were taken`)
    assert.ok(bytes < 300 * MiB, `${Math.round(bytes / MiB)} MiB`)
  })

  it('where files of registries are as large as they may be, several at once, fetched and found again', async () => {
    const pieces = 150
    const [sha512, sha1] = [createHash('sha512'), createHash('sha1')]
    const piece = Buffer.alloc(MiB, 'a')
    for (let at = 0; at < pieces; at += 1) for (const hash of [sha512, sha1]) hash.update(piece)
    const integrity = `sha512-${sha512.digest('base64')}`
    const checksum = sha1.digest('hex')
    let asked = 0
    const server = createServer(({ url = '' }, response) => {
      asked += 1
      if (url.endsWith('.sha1')) return void response.end(checksum)
      pipeline(Readable.from(Array(pieces).fill(piece)), response, () => {})
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await using folder = await temporaryFolder()
    const files = ['/npm/a/-/a-1.0.0.tgz', '/npm/b/-/b-1.0.0.tgz', '/maven/org/c/1/c-1.jar']
    const snapshot = '/maven/org/c/2-SNAPSHOT/c-2-SNAPSHOT.jar'
    const { bytes, stdout } = await peakOf(
      `import { createBroker } from './src/runner/broker/broker.ts'
       const pins = new Map(${JSON.stringify(files.slice(0, 2))}.map((file) => [file, '${integrity}']))
       import { serveMaven } from './src/runner/registries/maven/serve.ts'
       import { serveNpm } from './src/runner/registries/npm/serve.ts'
       const connection = ${JSON.stringify(connection)}
       const served = (name, serve) => ({
         upstreams: [{ name, url: '${url}', headers: {} }], connection, serve,
       })
       const registries = [served('npm', serveNpm), served('maven', serveMaven)]
       const broker = createBroker({ registries, cacheDir: ${JSON.stringify(folder.path)}, pins })
       const signal = new AbortController().signal
       const sizeOf = async (target) => {
         const request = { method: 'GET', target, headers: {}, body: Buffer.alloc(0) }
         const { body } = await broker.handle(request, signal)
         let size = 0
         for await (const chunk of Buffer.isBuffer(body) ? [body] : body) size += chunk.length
         return size
       }
       const sizes = [
         ...(await Promise.all(${JSON.stringify([...files, snapshot])}.map(sizeOf))),
         ...(await Promise.all(${JSON.stringify(files)}.map(sizeOf))),
       ]
       console.log(JSON.stringify([...new Set(sizes)]), broker.refused().length)`,
    )
    server.closeAllConnections()
    server.close()
    assert.equal(stdout.trim(), `[${pieces * MiB}] 0`)
    assert.equal(asked, 5)
    assert.ok(bytes < 400 * MiB, `${Math.round(bytes / MiB)} MiB`)
  })

  it('where what a registry says of a package has no end, also where it is asked again', async () => {
    const piece = Buffer.alloc(65_536, 'x')
    const server = createServer((_, response) => {
      response.on('error', () => {})
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more)
      more()
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    await using folder = await temporaryFolder()
    const upstreams = [{ name: 'npm', url, headers: {} }]
    const { bytes, stdout } = await peakOf(
      `import { createBroker } from './src/runner/broker/broker.ts'
       import { serveNpm } from './src/runner/registries/npm/serve.ts'
       const registries = [{ ...${JSON.stringify({ upstreams, connection })}, serve: serveNpm }]
       const broker = createBroker({ registries, cacheDir: ${JSON.stringify(folder.path)} })
       const request = { method: 'GET', target: '/npm/a', headers: {}, body: Buffer.alloc(0) }
       const ask = () => broker.handle(request, new AbortController().signal)
       console.log((await ask()).status, (await ask()).status, broker.refused()[1].message)`,
    )
    server.closeAllConnections()
    server.close()
    assert.match(stdout, /^502 502 .*larger than 128 MB/)
    assert.ok(bytes < 400 * MiB, `${Math.round(bytes / MiB)} MiB`)
  })

  it('where a log has a line that no writer makes', async () => {
    await using folder = await temporaryFolder()
    const id = '20260102-030405-abc123'
    const control = { cancel: () => {}, isCancelling: () => false }
    const held = await createSession(join(folder.path, 'sessions'), sessionTask(id), 'drydock/test', {
      control,
    })
    held.log.emit({ type: 'session.finished', outcome: 'up-to-date', reason: 'It is.' })
    await held.release()
    const log = join(held.folder, 'events.jsonl')
    const handle = await open(log, 'a')
    for (let at = 0; at < 200; at += 1) await handle.write('x'.repeat(MiB))
    await handle.close()
    await appendFile(log, '\n')
    const { bytes, stdout } = await peakOf(
      `import { readEvents } from './src/store/read.ts'
       console.log(await readEvents(${JSON.stringify(held.folder)}).catch((error) => error.message))`,
    )
    assert.match(stdout, /^bad-log: .*damaged at line 3/)
    assert.ok(bytes < 200 * MiB, `${Math.round(bytes / MiB)} MiB`)
  })
})
