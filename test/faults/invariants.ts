import { readdir, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { sessionView } from '../../src/contract/sessionView.ts'
import { readEvents } from '../../src/store/read.ts'
import { searchFolder } from '../security/support/search.ts'
import { canaryKeys } from '../support/keys.ts'
import { leftovers } from '../support/leftovers.ts'
import { git } from '../support/madeRepository.ts'
import type { Ended } from './drydock.ts'
import { sessionsOf } from './moment.ts'
import type { World } from './world.ts'

export interface Breach {
  readonly check: string
  readonly detail: string
}

/** What a command may come to that nobody killed: an exit code with a meaning, words that are none of Node's. */
export function ofCommand(
  name: string,
  { code, signal, stderr, hung, peakMb }: Ended,
  killed: boolean,
): Breach[] {
  const found: Breach[] = []
  if (hung) return [{ check: 'ends', detail: `${name} did not end` }]
  if (!killed && (signal !== null || code === 1 || code === null))
    found.push({
      check: 'exit code',
      detail: `${name} ended with ${signal ?? code}: ${stderr.slice(0, 600)}`,
    })
  if (/^internal: /m.test(stderr) || /\n {4}at \S/.test(stderr) || /\b(?:Unhandled|TypeError)\b/.test(stderr))
    found.push({ check: 'named', detail: `${name}: ${stderr.slice(0, 600)}` })
  if (peakMb > memoryMb) found.push({ check: 'memory', detail: `${name} took ${peakMb} MiB` })
  return found
}

/** Of a runner; an undisturbed one takes less than half. */
const memoryMb = 400

/** The log of each session of the home: whole, numbered, ended, and a view that folds. */
export async function ofLogs(
  home: string,
): Promise<{ readonly found: Breach[]; readonly views: readonly SessionView[] }> {
  const found: Breach[] = []
  const views: SessionView[] = []
  for (const id of await sessionsOf(home)) {
    const folder = join(home, 'sessions', id)
    try {
      const events = await readEvents(folder)
      const gap = events.findIndex(({ seq }, at) => seq !== at + 1)
      if (gap >= 0)
        found.push({ check: 'log', detail: `${id}: event ${gap + 1} has number ${events[gap]?.seq}` })
      if (events.length === 0) continue
      const view = sessionView(events)
      views.push(view)
      if (view.outcome === null) found.push({ check: 'outcome', detail: `${id} has none` })
      const open = view.stages.filter(({ status }) => status === 'running')
      if (open.length > 0) found.push({ check: 'outcome', detail: `${id}: ${open[0]?.name} is open` })
      found.push(...ofWords(view))
    } catch (error) {
      found.push({ check: 'log', detail: `${id}: ${error}` })
    }
  }
  return { found, views }
}

function ofWords({ id, failure, reason }: SessionView): Breach[] {
  if (failure?.code === 'internal')
    return [{ check: 'named', detail: `${id}: ${failure.message} ${failure.detail ?? ''}` }]
  const text = `${reason ?? ''} ${failure?.next ?? ''}`
  const sentences = text.split(/(?<=[.!?])\s+/).filter((one) => one.length > 20)
  const twice = sentences.find((one, at) => sentences.indexOf(one) !== at)
  if (twice !== undefined) return [{ check: 'words', detail: `${id} says twice: ${twice}` }]
  return /\{"|\[object|undefined|\bnull\b/.test(text) ? [{ check: 'words', detail: `${id}: ${text}` }] : []
}

/** Makes what lies in the temporary folder old enough for a start to sweep it. */
export async function age(tmp: string): Promise<void> {
  const old = new Date(Date.now() - 2 * 86_400_000)
  for (const name of await readdir(tmp)) await utimes(join(tmp, name), old, old).catch(() => {})
}

/** What is left on the engine and on disk after the next start. */
export async function ofLeftovers({ engine, places: { home, tmp } }: World): Promise<Breach[]> {
  const left: string[] = []
  for (const id of await sessionsOf(home)) {
    left.push(...(await leftovers(id, engine.docker)).map((name) => `on the engine: ${name}`))
    const names = await readdir(join(home, 'sessions', id, 'repo.git')).catch(() => [])
    left.push(...names.filter((name) => name.startsWith('scratch-')).map((name) => `${id}/repo.git/${name}`))
  }
  left.push(...(await readdir(tmp)).filter((name) => /^(drydock-|dd-)/.test(name)))
  return left.map((detail) => ({ check: 'left', detail }))
}

/** No key that was handed out is in anything that was written or printed. */
export async function ofKeys({ places: { home, tmp } }: World, printed: readonly Ended[]): Promise<Breach[]> {
  const keys = Object.values(canaryKeys)
  const files = [...(await searchFolder(home, keys)), ...(await searchFolder(tmp, keys))]
  const said = printed.filter(({ stdout, stderr }) => keys.some((key) => `${stdout}${stderr}`.includes(key)))
  return [...files, ...said.map(() => 'what a command printed')].map((detail) => ({ check: 'key', detail }))
}

/** Branches of sessions at the remote. */
export async function branchesAt(remotes: string): Promise<readonly string[]> {
  const text = await git(
    join(remotes, 'o/r.git'),
    'for-each-ref',
    '--format=%(refname:short) %(objectname)',
    'refs/heads/drydock',
  )
  return text.split('\n').filter((line) => line !== '')
}
