import { open, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { SESSION_LABEL } from '../../src/runner/docker/labels.ts'
import { type Choice, type Decision, type Disk, jumps, type Manager } from './choice.ts'
import { type Ended, type Started, start } from './drydock.ts'
import { sessionsOf, stageBegun } from './moment.ts'
import { projects } from './project.ts'
import type { World } from './world.ts'

export interface Disturbed {
  /** The fault came about; where a session was over before, it did not. Asked once the session is over. */
  readonly happened: () => boolean
  /** Other commands that were run beside it. */
  readonly beside: readonly Ended[]
  /** What still lasts, to be ended after the session. */
  readonly heal: () => Promise<void>
}

interface Scene {
  readonly world: World
  readonly choice: Choice
  readonly started: Started
  /** Events of the session before it was started, where there was one. */
  readonly since: number
  readonly over: AbortSignal
}

const nothing: Disturbed = { happened: () => false, beside: [], heal: async () => {} }

/** Waits for the moment of a choice, and does what it says. */
export async function disturb(scene: Scene): Promise<Disturbed> {
  const { world, choice, since, over } = scene
  const { at, story } = choice
  // Decisions are over in a moment: there is no stage to wait for in most of them.
  const waits = story !== 'decide' || (choice.decision === 'publish' && at.stage !== 'queue')
  if (waits && !(await stageBegun(world.places.home, at.stage, since, over))) return nothing
  await delay(at.delayMs, undefined, { signal: over }).catch(() => {})
  if (over.aborted) return nothing
  return act(scene)
}

async function act(scene: Scene): Promise<Disturbed> {
  const { world, choice, started, over } = scene
  const { fault, lastsMs } = choice
  const done = { ...nothing, happened: () => true }
  switch (fault.kind) {
    case 'runner':
      return { ...done, beside: await toRunner(scene, fault.act) }
    case 'container':
      return (await toContainer(scene, fault.of, fault.act)) ? done : nothing
    case 'engine': {
      const { own } = world.engine
      if (own === undefined) return nothing
      if (fault.act === 'stop') await own.pause(lastsMs)
      else {
        await (fault.act === 'kill' ? own.kill() : own.end())
        await delay(fault.act === 'kill' ? lastsMs : 100)
        await own.start()
      }
      return done
    }
    case 'disk': {
      const filled = await fillDisk(world, fault.of)
      return {
        ...done,
        happened: () => filled !== undefined,
        heal: async () => filled?.[Symbol.asyncDispose](),
      }
    }
    case 'clock': {
      const { own } = world.engine
      if (own === undefined) return nothing
      const back = () => own.setClock(0)
      await own.setClock(jumps[fault.by])
      if (fault.lasts) return { ...done, heal: back }
      await delay(lastsMs, undefined, { signal: over }).catch(() => {})
      await back()
      return done
    }
    case 'peer': {
      const peer = world.peers[fault.of]
      peer.disturb(fault.trouble)
      await delay(lastsMs, undefined, { signal: over }).catch(() => {})
      if (!fault.lasts) peer.disturb(undefined)
      // Nobody waits for what never answers: the person ends it.
      else if (fault.trouble === 'silent') started.child.kill('SIGINT')
      const met = () => peer.met() > 0 || (fault.lasts && fault.trouble === 'silent')
      return { ...nothing, happened: met, heal: async () => peer.disturb(undefined) }
    }
    case 'together':
      return { ...done, beside: [await command(world, fault.second, choice.manager).ended] }
  }
}

async function toRunner({ world, choice, started }: Scene, how: string): Promise<readonly Ended[]> {
  const { child } = started
  if (how === 'cancel') return [await command(world, 'cancel', choice.manager).ended]
  if (how === 'stop') {
    child.kill('SIGSTOP')
    await delay(choice.lastsMs)
    child.kill('SIGCONT')
  } else child.kill(how === 'kill' ? 'SIGKILL' : 'SIGTERM')
  return []
}

/** A decision on the newest session. */
export function command(world: World, what: Decision, manager: Manager): Started {
  const env = world.env(world.places)
  const named = async (): Promise<Ended> => {
    const id = (await sessionsOf(world.places.home)).at(-1) ?? 'none'
    return start(argumentsOf(what, id, manager), env, 120_000).ended
  }
  return { ended: named() } as Started
}

export function argumentsOf(what: Decision, id: string, manager: Manager): readonly string[] {
  if (what === 'prune') return ['prune', '--yes']
  if (what === 'drop') return ['drop', id, projects[manager].source]
  if (what === 'publish') return ['publish', id, '--yes', '--json']
  return [what, id]
}

async function toContainer(
  { world, choice, over }: Scene,
  kind: string,
  how: 'kill' | 'remove' | 'pause',
): Promise<boolean> {
  const { docker } = world.engine
  const container = await containerOf(docker, world, kind, over)
  if (container === undefined) return false
  try {
    if (how === 'kill') await container.kill()
    if (how === 'remove') await container.remove({ force: true })
    if (how === 'pause') await holdStill(container, choice.lastsMs)
    return true
  } catch {
    // It was gone before, or meanwhile.
    return how === 'pause'
  }
}

/**
 * Stops every process of a container for a while. Not the engine's own pause: a command that is being started as the
 * container freezes would hold the engine's lock on it for good.
 */
async function holdStill(container: Docker.Container, ms: number): Promise<void> {
  const { Processes = [] } = (await container.top({ ps_args: '-o pid' })) as { Processes?: string[][] }
  const signal = (name: NodeJS.Signals): void => {
    for (const [pid] of Processes) {
      try {
        process.kill(Number(pid), name)
      } catch {
        // It ended by itself.
      }
    }
  }
  signal('SIGSTOP')
  await delay(ms)
  signal('SIGCONT')
}

async function containerOf(
  docker: Docker,
  world: World,
  kind: string,
  over: AbortSignal,
): Promise<Docker.Container | undefined> {
  while (!over.aborted) {
    const id = (await sessionsOf(world.places.home)).at(-1)
    const found = await docker.listContainers({ filters: { label: [`${SESSION_LABEL}=${id}`] } })
    const one = found.find(({ Names }) => Names.some((name) => name.includes(`-${kind}-`)))
    if (one !== undefined) return docker.getContainer(one.Id)
    await delay(20)
  }
  return undefined
}

async function fillDisk({ engine, places }: World, of: Disk): Promise<AsyncDisposable | undefined> {
  return of === 'volumes' || of === 'images' ? await engine.own?.fill(of) : await fill(places[of])
}

/** Only ever a small disk of the campaign's own. */
const largestDisk = 256 << 20

async function fill(place: string): Promise<AsyncDisposable | undefined> {
  const { blocks, bsize } = await statfs(place)
  if (blocks * bsize > largestDisk) return undefined
  const path = join(place, 'filler')
  const handle = await open(path, 'w')
  for (const size of [1 << 20, 1 << 12, 1]) {
    const piece = Buffer.alloc(size, 1)
    for (let more = true; more; )
      more = await handle.write(piece).then(
        ({ bytesWritten }) => bytesWritten === size,
        () => false,
      )
  }
  await handle.close()
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) }
}
