import { PassThrough, Readable } from 'node:stream'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { ReadBuffer, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import type Docker from 'dockerode'
import tar from 'tar-stream'
import { z } from 'zod'
import type { Container } from '../../../src/runner/docker/sandbox.ts'
import { openRepairBench } from '../../support/repair.ts'
import { canary } from '../case.ts'
import { insideScript } from './inside.ts'

export const fixture: Readonly<Record<string, string>> = {
  'README.md': '# Fixture\n\nOne.\nTwo.\n',
  'src/index.ts': 'export const x = 1;\n// TODO: more\n',
  'src/util/deep.ts': 'export const deep = true // TODO\n',
  'test/index.test.ts': "it('works', () => {})\n// end\n",
  'docs/guide.md': 'A guide.\n',
  '.gitignore': 'node_modules/\nbuild/\n',
}

export interface Answer {
  readonly text: string
  readonly isError: boolean
  readonly flags: readonly string[]
}

/** What is to be seen in the container after a call. */
export const Seen = z.strictObject({
  executed: z.boolean(),
  /** Hooks and the like in any `.git` of the work tree, with their bytes' digests. */
  metadata: z.string(),
  peakMemoryMb: z.number(),
})
export type Seen = z.infer<typeof Seen>

/** A file of the work tree; empty where there is none, without text where it is long. */
export const SeenFile = z.strictObject({
  text: z.string().optional(),
  size: z.number().optional(),
  mode: z.number().optional(),
})
export type SeenFile = z.infer<typeof SeenFile>

/** The tool server in the agent's image, over a work tree that is put back before each case. */
export interface ToolContainer extends AsyncDisposable {
  /** A fresh work tree and a fresh server in `cwd`; `setUp` happens once the server is ready. */
  open(setUp: readonly object[], cwd?: string): Promise<ToolSession & { readonly before: Seen }>
}

export interface ToolSession extends AsyncDisposable {
  call(name: string, input: object): Promise<Answer>
  look(): Promise<Seen>
  file(path: string): Promise<SeenFile>
}

class ExecTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: (message: JSONRPCMessage) => void
  readonly #stdin: NodeJS.WritableStream
  readonly #stdout: Readable
  readonly #buffer = new ReadBuffer()

  constructor(stdin: NodeJS.WritableStream, stdout: Readable) {
    this.#stdin = stdin
    this.#stdout = stdout
  }

  async start(): Promise<void> {
    this.#stdout.on('end', () => this.onclose?.())
    this.#stdout.on('data', (chunk: Buffer) => {
      try {
        this.#buffer.append(chunk)
        for (let message = this.#buffer.readMessage(); message !== null; message = this.#buffer.readMessage())
          this.onmessage?.(message)
      } catch {
        // Not the protocol, or more than a message may be: the case that is waiting fails.
        this.onclose?.()
      }
    })
  }

  async send(message: JSONRPCMessage): Promise<void> {
    this.#stdin.write(serializeMessage(message))
  }

  async close(): Promise<void> {
    this.#stdin.end()
    this.onclose?.()
  }
}

function fileArchive(name: string, content: string): Readable {
  const pack = tar.pack()
  pack.entry({ name, mode: 0o644 }, content)
  pack.finalize()
  return Readable.from(pack)
}

const node = '/usr/local/bin/node'

export async function openToolContainer(): Promise<ToolContainer> {
  const bench = await openRepairBench(fixture)
  const { sandbox, engine } = bench.box
  const volume = await sandbox.createVolume()
  const files = [{ path: '/workspace', archive: fileArchive('outside.txt', `${canary}\n`) }]
  const filled = await sandbox.start({
    kind: 'install',
    image: bench.image,
    workspace: { unsealed: volume },
    files,
  })
  await filled.remove()
  const container = await sandbox.start({
    kind: 'agent',
    image: bench.image,
    command: ['/bin/sleep', 'infinity'],
    workspace: await sandbox.workspace(bench.sealed),
    readOnly: [
      { volume, target: '/canary' },
      { volume: bench.sealed.volume, target: '/fixture' },
    ],
  })
  return {
    async open(setUp, cwd = '/workspace') {
      await inside(container, 'reset', { root: '/fixture' })
      // A working directory that the case makes has to be there before the server starts in it.
      const early = cwd === '/workspace' ? undefined : await make(container, setUp)
      const server = await connectTools(engine.docker, container, bench.tree, cwd)
      return Object.assign(server, {
        before: seen(early ?? (await make(container, setUp))),
      })
    },
    async [Symbol.asyncDispose]() {
      await container.remove()
      await bench[Symbol.asyncDispose]()
    },
  }
}

const seen = (text: string): Seen => Seen.parse(JSON.parse(text))

/** Starts the tool server in a container of the agent's and waits until it has answered once. */
export async function connectTools(
  docker: Docker,
  container: Container,
  tree: string,
  cwd: string,
): Promise<ToolSession> {
  const exec = await docker.getContainer(container.id).exec({
    Cmd: [node, '/drydock/tools.mjs', `--tree=${tree}`, '--timeout-ms=6000', '--relay=http://127.0.0.1:9'],
    Env: ['PATH=/usr/bin:/bin'],
    WorkingDir: cwd,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  })
  const stream = await exec.start({ hijack: true, stdin: true })
  const stdout = new PassThrough()
  stream.on('end', () => stdout.end())
  // A server that is gone shows as a closed connection.
  stream.on('error', () => stdout.end())
  docker.modem.demuxStream(stream, stdout, process.stderr)
  const client = new Client({ name: 'red-team', version: '1' })
  await client.connect(new ExecTransport(stream, stdout))
  await client.callTool({ name: 'Git', arguments: { args: ['status'] } })
  return {
    async call(name, input) {
      const result = await client.callTool({ name, arguments: { ...input } }, undefined, { timeout: 60_000 })
      const content = result.content as { text: string }[]
      const flags = (result._meta?.['drydock/flags'] ?? []) as string[]
      return { text: content.map((part) => part.text).join('\n'), isError: result.isError === true, flags }
    },
    look: async () => seen(await inside(container, 'look', {})),
    file: async (path) => SeenFile.parse(JSON.parse(await inside(container, 'file', { path }))),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

/** Most characters of a file that go into the container at once: an argument's length is bounded. */
const pieceLength = 20_000

function inPieces(one: object): object[] {
  const { content } = z.looseObject({ content: z.string().default('') }).parse(one)
  if (content.length <= pieceLength) return [one]
  const pieces = content.match(new RegExp(`[^]{1,${pieceLength}}`, 'g')) ?? []
  return pieces.map((piece, index) => ({ ...one, content: piece, ...(index > 0 && { op: 'append' }) }))
}

/** Makes a case's fixtures; what is to be seen afterwards. */
async function make(container: Container, setUp: readonly object[]): Promise<string> {
  const steps = setUp.flatMap(inPieces)
  if (steps.length === setUp.length) return inside(container, 'setUp', setUp)
  for (const step of steps) await inside(container, 'setUp', [step])
  return inside(container, 'look', {})
}

/** Runs a verb of the script that works from inside, as the container's user. */
async function inside(container: Container, verb: string, input: object): Promise<string> {
  const result = await container.exec([node, '-e', insideScript, verb, JSON.stringify(input)], {
    cwd: '/',
    timeoutMs: 120_000,
    maxOutputBytes: 1_000_000,
  })
  const text = result.output.toString('utf8')
  if (result.exitCode !== 0) throw new Error(`${verb} in the container: ${text}`)
  return text
}
