import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Label } from '../../src/contract/report.ts'
import { SessionView } from '../../src/contract/sessionView.ts'
import { canaryKeys, discard } from './keys.ts'

const program = join(import.meta.dirname, '../../dist/drydock.mjs')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A home of its own for sessions; what is prepared there stays warm between the runs of one test file. */
export interface Drydock extends AsyncDisposable {
  readonly home: string
  /** Starts the command line as a user does; `env` lies over a clean environment without any key. */
  start(
    args: readonly string[],
    env?: NodeJS.ProcessEnv,
    stdin?: string,
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> }
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended>
  /** Runs with `--json` and reads the session view; throws with both outputs where there is none. */
  session(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<SessionView>
}

/** `node` is the Node that it runs on: the tests' own, or the one that `DRYDOCK_TEST_NODE` names. */
export async function openDrydock(
  node: string = process.env.DRYDOCK_TEST_NODE ?? process.execPath,
): Promise<Drydock> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-home-'))
  const {
    ANTHROPIC_API_KEY: _key,
    ANTHROPIC_AUTH_TOKEN: _token,
    ANTHROPIC_BASE_URL: _url,
    GITHUB_TOKEN: _gh,
    GH_TOKEN: _gh2,
    ...clean
  } = process.env
  const start: Drydock['start'] = (args, env = {}, stdin) => {
    const child = spawn(node, [program, ...args], {
      env: { ...clean, DRYDOCK_HOME: home, NO_COLOR: '1', ...env },
      stdio: [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    })
    child.stdin?.end(stdin)
    return { child, ended: collect(child) }
  }
  const run: Drydock['run'] = (args, env) => start(args, env).ended
  return {
    home,
    start,
    run,
    async session(args, env) {
      const ended = await run([...args, '--json'], env)
      const parsed = readSessionJson(parse(ended.stdout))
      if (!parsed.success)
        throw new Error(`no session view: ${ended.code}\n${ended.stdout}\n${ended.stderr}\n${parsed.error}`)
      return parsed.data
    },
    [Symbol.asyncDispose]: () => discard(home),
  }
}

async function collect(child: ChildProcess): Promise<Ended> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  const [code] = await once(child, 'close')
  return { code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }
}

/** What `--json` prints, as a view: the counts stand in the matrix a second time, by label. */
export function readSessionJson(printed: unknown) {
  const { matrix, ...rest } = Object(printed) as { matrix?: Record<string, unknown> | null }
  const counts = new Set<string>(Label.options)
  const own = matrix && Object.fromEntries(Object.entries(matrix).filter(([key]) => !counts.has(key)))
  return SessionView.safeParse({ ...rest, matrix: own })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Environment of a run whose model is played by the server at `url`. */
export function playedBy(model: { readonly url: string }): NodeJS.ProcessEnv {
  return { ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: canaryKeys.model }
}

/** The recorded script of a fixture project. */
export function scriptOf(fixture: string): string {
  return join(import.meta.dirname, '../fixtures/projects', fixture, 'model.json')
}
