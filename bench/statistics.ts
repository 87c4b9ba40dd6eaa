import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fillSessions } from '../test/support/vscode/manySessions.ts'
import type { BenchRow } from './row.ts'

const program = join(import.meta.dirname, '../dist/drydock.mjs')
const watched = `process.on('exit', () => process.stderr.write('peak ' + process.resourceUsage().maxRSS + '\\n'))`

interface Measured {
  readonly seconds: number
  readonly megabytes: number
}

async function stats(home: string): Promise<Measured> {
  const started = performance.now()
  const loader = `data:text/javascript,${encodeURIComponent(watched)}`
  const child = spawn(process.execPath, ['--import', loader, program, 'stats', '--by', 'package'], {
    env: { ...process.env, DRYDOCK_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const code = await new Promise((resolve) => child.once('close', resolve))
  const text = Buffer.concat(said).toString('utf8')
  if (code !== 0) throw new Error(text)
  const [, kilobytes = 'NaN'] = /peak (\d+)/.exec(text) ?? []
  return { seconds: (performance.now() - started) / 1000, megabytes: Number(kilobytes) / 1000 }
}

/** `drydock stats` over 10,000 sessions: the first time, with every log read, and again. */
export async function statisticsRows(): Promise<readonly BenchRow[]> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-stats-'))
  try {
    await fillSessions(join(home, 'sessions'), 10_000)
    const first = await stats(home)
    const again = await stats(home)
    return [
      { what: 'stats, 10,000 sessions, first time', value: first.seconds, unit: 's', goal: 'none', ok: true },
      { what: 'the same, again', value: again.seconds, unit: 's', goal: '≤ 1.5', ok: again.seconds <= 1.5 },
      {
        ...{ what: 'its memory', value: again.megabytes, unit: 'MB', goal: '≤ 200' },
        ok: again.megabytes <= 200,
      },
    ]
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}
