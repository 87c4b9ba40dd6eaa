import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const program = join(import.meta.dirname, '../../dist/drydock.mjs')

export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Largest memory of the process, MiB. */
  readonly peakMb: number
  /** It had to be ended from outside, because it did not end by itself. */
  readonly hung: boolean
}

export interface Started {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
}

/** Starts the command line; after `patienceMs` it is killed, and that is a breach. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv, patienceMs: number): Started {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, ended: watched(child, patienceMs) }
}

async function watched(child: ChildProcess, patienceMs: number): Promise<Ended> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => err.push(chunk))
  let [peakMb, hung] = [0, false]
  const look = setInterval(() => {
    void readFile(`/proc/${child.pid}/status`, 'utf8').then(
      (text) => {
        peakMb = Math.max(peakMb, Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(text)?.[1] ?? 0) / 1024))
      },
      () => {},
    )
  }, 200)
  const patience = setTimeout(() => {
    hung = true
    child.kill('SIGKILL')
  }, patienceMs)
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  clearInterval(look)
  clearTimeout(patience)
  const text = (chunks: readonly Buffer[]) => Buffer.concat(chunks).toString('utf8')
  return { code, signal, stdout: text(out), stderr: text(err), peakMb, hung }
}
