import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { SourceMap } from 'node:module'
import { join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'
import { parse } from 'jsonc-parser'

const root = resolve(import.meta.dirname, '../../..')

interface Place {
  /** The line of a built file, from 0, and where in it. */
  readonly line: number
  readonly column: number
  /** What its source map says of it; the line is from 1. */
  readonly source: string
  readonly sourceLine: number
}

/** Where a text stands in a built file, and what the map beside that says of the place. */
async function placeOf(built: string, text: string): Promise<Place> {
  const lines = (await readFile(built, 'utf8')).split('\n')
  const line = lines.findIndex((candidate) => candidate.includes(text))
  const column = lines[line]?.indexOf(text) ?? -1
  const map = new SourceMap(JSON.parse(await readFile(`${built}.map`, 'utf8')))
  const { originalSource, originalLine } = map.findEntry(line, column) as {
    readonly originalSource: string
    readonly originalLine: number
  }
  return { line, column, source: resolve(built, '..', originalSource), sourceLine: originalLine + 1 }
}

async function lineOf(file: string, text: string): Promise<number> {
  return (await readFile(file, 'utf8')).split('\n').findIndex((line) => line.includes(text)) + 1
}

/** The protocol of Node's inspector, as far as a breakpoint needs it. */
class Inspector {
  readonly events = new EventEmitter()
  readonly #socket: WebSocket
  #sent = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.addEventListener('message', ({ data }) => {
      const { id, method, params, result } = JSON.parse(String(data))
      this.events.emit(id === undefined ? method : `answer ${id}`, params ?? result)
    })
  }

  static async open(child: ChildProcess): Promise<Inspector> {
    for await (const line of createInterface({ input: child.stderr as NodeJS.ReadableStream })) {
      const url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1]
      if (url === undefined) continue
      const socket = new WebSocket(url)
      await once(socket, 'open')
      return new Inspector(socket)
    }
    throw new Error('It ended without an inspector.')
  }

  async ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
    this.#sent += 1
    const answered = once(this.events, `answer ${this.#sent}`)
    this.#socket.send(JSON.stringify({ id: this.#sent, method, params }))
    return (await answered)[0]
  }

  close(): void {
    this.#socket.close()
  }
}

describe('a build of npm run dev', () => {
  let out: string
  let watching: ChildProcess
  const said: string[] = []
  before(async () => {
    // Inside the checkout: the runner looks for its package above itself.
    await mkdir(join(root, 'test/.cache'), { recursive: true })
    out = await mkdtemp(join(root, 'test/.cache/dev-'))
    watching = spawn(process.execPath, ['esbuild.mjs', '--watch', out], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    for await (const line of createInterface({ input: watching.stdout as NodeJS.ReadableStream })) {
      said.push(line)
      if (line.startsWith('built')) break
    }
  })
  after(async () => {
    watching.kill()
    await rm(out, { recursive: true, force: true })
  })

  it('says when it begins and when it is done in the words that the editor waits for', async () => {
    const { tasks } = parse(await readFile(join(root, '.vscode/tasks.json'), 'utf8'))
    const { beginsPattern, endsPattern } = tasks.find(({ label }: { label: string }) => label === 'dev')
      .problemMatcher.background
    assert.equal(said.length, 2)
    assert.match(said[0] ?? '', new RegExp(beginsPattern))
    assert.match(said[1] ?? '', new RegExp(endsPattern))
  })

  it('leads from the extension to its sources', async () => {
    const { source, sourceLine } = await placeOf(join(out, 'extension/extension.cjs'), 'createPages();')
    assert.equal(source, join(root, 'src/extension/extension.ts'))
    assert.equal(sourceLine, await lineOf(source, 'createPages()'))
  })

  it('has the extension begin with code of its own alone, and little of it: libraries are read later', async () => {
    const { sources } = JSON.parse(await readFile(join(out, 'extension/extension.cjs.map'), 'utf8'))
    const own = join(root, 'src/extension')
    const from = sources.map((source: string) => relative(own, join(out, 'extension', source)))
    assert.deepEqual(
      from.filter((source: string) => source.startsWith('..')),
      // That of this build, which no package has.
      ['../../scripts/dev/reloadWindow.ts'],
    )
    assert.ok((await stat(join(out, 'extension/extension.cjs'))).size < 30_000)
  })

  it('stops a runner, started as the editor starts it, at a line of its source', async () => {
    const program = join(out, 'drydock.mjs')
    const place = await placeOf(program, 'const context = commandContext()')
    assert.equal(place.source, join(root, 'src/runner/main.ts'))
    assert.equal(place.sourceLine, await lineOf(place.source, 'const context = commandContext()'))
    const child = spawn(
      process.execPath,
      ['--inspect-brk=127.0.0.1:0', join(out, 'launch.mjs'), '--version'],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const inspector = await Inspector.open(child)
    await inspector.ask('Runtime.enable')
    await inspector.ask('Debugger.enable')
    const { breakpointId } = await inspector.ask('Debugger.setBreakpointByUrl', {
      ...{ url: pathToFileURL(program).href, lineNumber: place.line, columnNumber: place.column },
    })
    const stopped = once(inspector.events, 'Debugger.paused').then(async ([first]) => {
      const next = once(inspector.events, 'Debugger.paused')
      await inspector.ask('Debugger.resume')
      return first.hitBreakpoints?.length > 0 ? first : (await next)[0]
    })
    await inspector.ask('Runtime.runIfWaitingForDebugger')
    const { hitBreakpoints, callFrames } = await stopped
    assert.deepEqual(hitBreakpoints, [breakpointId])
    assert.equal(callFrames[0].location.lineNumber, place.line)
    const ended = once(child, 'exit')
    await inspector.ask('Debugger.resume')
    inspector.close()
    assert.deepEqual(await ended, [0, null])
  })
})
