import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { readSessionJson } from '../support/drydock.ts'
import type { Manager, Story } from './choice.ts'
import { type Ended, start } from './drydock.ts'
import { sessionsOf } from './moment.ts'
import { updateArguments } from './project.ts'
import { type Oracle, type Scene, sceneOf } from './scene.ts'
import { copyOver } from './templates.ts'
import type { Unasked } from './world.ts'

const patienceMs = 300_000
const order: readonly Story[] = ['clean', 'repair', 'wrong']

/** Runs each scene undisturbed; what it prepared is warm in the template for all that come after. */
export async function askOracles(
  world: Unasked,
  scenes: readonly Scene[],
): Promise<ReadonlyMap<string, Oracle>> {
  const oracles = new Map<string, Oracle>()
  const wanted = new Set(scenes.map(sceneOf))
  for (const manager of new Set(scenes.map((one) => one.manager)))
    for (const story of order)
      if (wanted.has(sceneOf({ manager, story })))
        oracles.set(sceneOf({ manager, story }), await askOracle(world, manager, story))
  return oracles
}

async function askOracle(world: Unasked, manager: Manager, story: Story): Promise<Oracle> {
  const { places } = world
  await world.reset({ manager, waiting: false, repository: places.repository })
  await world.play({ manager, story })
  const begun = performance.now()
  const args = updateArguments({ manager, story, attempts: 1 }, world.peers, places.repository)
  const ended = await start(args, world.env(places), patienceMs).ended
  const view = viewOf(ended)
  if (view === undefined)
    throw new Error(`the undisturbed session said nothing:\n${ended.stdout}\n${ended.stderr}`)
  const oracle = oracleOf(view, ended, begun)
  if (story === 'repair') await copyOver(places.home, world.waiting(manager))
  for (const id of await sessionsOf(places.home))
    await rm(join(places.home, 'sessions', id), { recursive: true })
  await copyOver(places.home, world.templates(manager).home)
  return oracle
}

function viewOf({ stdout }: Pick<Ended, 'stdout'>): SessionView | undefined {
  try {
    const parsed = readSessionJson(JSON.parse(stdout))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function oracleOf(view: SessionView, { peakMb }: Ended, begun: number): Oracle {
  const seconds = Math.round((performance.now() - begun) / 100) / 10
  const { outcome, matrix, patch, verdict, reason, failure } = view
  const expected: readonly SessionView['outcome'][] = ['awaiting-review', 'verification-failed']
  if (!expected.includes(outcome))
    throw new Error(`the undisturbed session: ${outcome}: ${reason} ${failure?.next}`)
  const digest = outcome === 'awaiting-review' ? patch?.digest : undefined
  return { outcome, green: matrix?.green === true, digest, decision: verdict?.decision, peakMb, seconds }
}
