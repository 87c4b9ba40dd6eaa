import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { standingOf } from '../../src/contract/following.ts'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { canaryKeys } from '../support/keys.ts'
import { hashFolder } from '../support/madeRepository.ts'
import { mountSmall } from '../support/smallDisk.ts'
import { baseVersion } from '../truth/library.ts'
import { Choice, choose, describeChoice, type Manager } from './choice.ts'
import { argumentsOf, disturb } from './disturb.ts'
import { type Ended, start } from './drydock.ts'
import { age, type Breach, branchesAt, ofCommand, ofKeys, ofLeftovers, ofLogs } from './invariants.ts'
import { eventsOf, sessionsOf } from './moment.ts'
import { projects, updateArguments } from './project.ts'
import { untrue, untrueWords } from './truth.ts'
import type { World } from './world.ts'

/** One line of the results. */
export const Result = z.strictObject({
  seed: z.int().nonnegative(),
  what: z.string(),
  choice: Choice,
  /** The fault came about before the session was over. */
  happened: z.boolean(),
  /** The session's outcome and failure, in a word. */
  end: z.string(),
  breaches: z.array(z.strictObject({ check: z.string(), detail: z.string() })),
  peakMb: z.number(),
  seconds: z.number(),
})
export type Result = z.infer<typeof Result>

/** Many times what an undisturbed session takes; Java takes ten times as long with the library of the clock. */
const patienceMs = 150_000
const mavensPatienceMs = 900_000

/** Runs the session of a seed, disturbs it, starts anew, and looks at everything that must hold. */
export async function runTrial(seed: number, world: World, choice: Choice = choose(seed)): Promise<Result> {
  const begun = performance.now()
  const cold = join(world.places.repository, `../cold-${seed}`)
  const repository = choice.cold && choice.story !== 'decide' ? cold : world.places.repository
  await using _disk = await ownDisk(world, choice)
  await using _clock = choice.fault.kind === 'clock' ? await world.engine.own?.ownClock() : undefined
  const { manager } = choice
  await world.reset({ manager, waiting: choice.story === 'decide', repository })
  await world.play(choice)
  const before = await hashFolder(repository)
  const trial = await disturbed(world, choice, repository)
  const { breaches } = trial
  breaches.push(...(await ofKeys(world, trial.printed)))
  if ((await hashFolder(repository)) !== before)
    breaches.push({ check: 'repository', detail: 'it was changed' })
  if (repository === cold) await execa('rm', ['-rf', cold])
  const peakMb = Math.max(...trial.printed.map((one) => one.peakMb))
  const seconds = Math.round((performance.now() - begun) / 100) / 10
  const { happened, end } = trial
  return { seed, what: describeChoice(choice), choice, happened, end, breaches, peakMb, seconds }
}

/** What Maven needs for a build lies in the home as well. */
const smallMb: Partial<Readonly<Record<Manager, number>>> = { maven: 200 }

/** A file system of its own where it is to become full. */
async function ownDisk({ places }: World, { fault, manager }: Choice): Promise<AsyncDisposable | undefined> {
  if (fault.kind !== 'disk' || fault.of === 'volumes' || fault.of === 'images') return undefined
  const place = places[fault.of]
  await execa('mkdir', ['-p', place])
  return await mountSmall(place, `size=${smallMb[manager] ?? 48}m,mode=0755`)
}

interface Trial {
  readonly happened: boolean
  readonly end: string
  readonly breaches: Breach[]
  readonly printed: readonly Ended[]
}

async function disturbed(world: World, choice: Choice, repository: string): Promise<Trial> {
  const { peers, places } = world
  const env = world.env(places)
  const since = (await eventsOf(places.home)).length
  const id = (await sessionsOf(places.home)).at(-1) ?? ''
  const args =
    choice.story === 'decide'
      ? argumentsOf(choice.decision ?? 'publish', id, choice.manager)
      : updateArguments(choice, peers, repository)
  const over = new AbortController()
  const patience = choice.manager === 'maven' ? mavensPatienceMs : patienceMs
  const started = start(args, env, patience)
  void started.ended.then(() => over.abort())
  const what = await disturb({ world, choice, started, since, over: over.signal })
  const ended = await started.ended
  const happened = what.happened()
  await what.heal()
  const act = choice.fault.kind === 'runner' ? choice.fault.act : undefined
  // A signal that comes before Node is at our code ends it as it ends any program: nothing was said, nothing done.
  const begun = ended.stderr !== '' || (await eventsOf(places.home)).length > since
  const killed = (act === 'kill' && happened) || (act === 'terminate' && ended.signal === 'SIGTERM' && !begun)
  const breaches = [
    ...ofCommand(args[0] ?? '', ended, killed),
    ...what.beside.flatMap((one) => ofCommand('the command beside it', one, false)),
  ]
  const next = await nextStart(world, choice.manager, repository)
  breaches.push(...next.breaches)
  const { found, views } = await ofLogs(places.home)
  breaches.push(...found)
  const more =
    choice.story === 'decide'
      ? await ofDecision(world, views[0], id, choice.manager)
      : { breaches: [], printed: [] }
  breaches.push(...more.breaches)
  // The start that came after has a session of its own.
  const view =
    choice.story === 'decide'
      ? views[0]
      : views.find(({ task }) => task.kind !== 'dependency-update' || task.requested !== baseVersion)
  if (choice.story !== 'decide') {
    const why =
      view === undefined
        ? untrueWords(ended.stderr, choice)
        : untrue(view, world.oracle(choice), choice, happened)
    if (why !== undefined) breaches.push({ check: 'truth', detail: why })
  }
  const end =
    view === undefined ? 'no session' : [view.outcome, view.failure?.code].filter((word) => word).join(' ')
  const printed = [ended, ...what.beside, ...next.printed, ...more.printed]
  return { happened, end, breaches, printed }
}

interface Looked {
  readonly breaches: Breach[]
  readonly printed: readonly Ended[]
}

/** What a person does next: looks at the sessions, and starts another. */
async function nextStart(world: World, manager: Manager, repository: string): Promise<Looked> {
  const { places } = world
  const env = world.env(places)
  const listed = await start(['sessions', '--json'], env, 60_000).ended
  await age(places.tmp)
  const asked = `${projects[manager].library}@${baseVersion}`
  const again = ['update', asked, '--repo', repository, '--no-review', '--json']
  const another = await start(again, env, 120_000).ended
  const breaches = [...ofCommand('sessions', listed, false), ...ofCommand('the next start', another, false)]
  if (another.code !== 0)
    breaches.push({
      check: 'next',
      detail: `the next start ended with ${another.code}: ${another.stdout.slice(-1500)} ${another.stderr}`,
    })
  breaches.push(...(await ofLeftovers(world)))
  return { breaches, printed: [listed, another] }
}

/** What was decided, and what the remote and GitHub have, are one; what is still open can be brought to its end. */
async function ofDecision(
  world: World,
  view: SessionView | undefined,
  id: string,
  manager: Manager,
): Promise<Looked> {
  const { places } = world
  const printed: Ended[] = []
  const run = async (...args: readonly string[]): Promise<void> => {
    printed.push(await start(args, world.env(places), patienceMs).ended)
  }
  if (view?.outcome === 'awaiting-review') {
    const standing = standingOf(view, true)
    if (standing === 'half-dropped' || view.matrix?.green !== true) await run('restore', id)
    await run(...argumentsOf('publish', id, manager))
  }
  const now = (await ofLogs(places.home)).views.find((one) => one.id === id)
  const branches = await branchesAt(places.remotes)
  const breaches = printed.flatMap((one) => ofCommand('what came after', one, false))
  const wrong = (detail: string) => breaches.push({ check: 'decision', detail })
  const requests = await pullRequests(world)
  if (branches.length > 1) wrong(`${branches.length} branches: ${branches.join(', ')}`)
  if (requests > 1) wrong(`${requests} pull requests`)
  const told = printed.map(({ stderr }) => stderr).join('')
  if (now?.outcome === 'published' && (branches[0] !== `${now.branch} ${now.commit}` || requests !== 1))
    wrong(
      `published ${now.branch} ${now.commit}, and the remote has ${branches[0]}, ${requests} pull requests`,
    )
  if (now?.outcome === 'rejected' && branches.length > 0 && now.branch === null)
    wrong('rejected, and the remote has its branch')
  if (now?.outcome !== 'published' && now?.outcome !== 'rejected')
    wrong(`it cannot be brought to an end: ${now?.outcome} ${told}`)
  return { breaches, printed }
}

async function pullRequests({ peers }: World): Promise<number> {
  const answer = await fetch(`${peers.github.url}/repos/o/r/pulls`, {
    headers: {
      ...{ authorization: `Bearer ${canaryKeys.github}`, 'user-agent': 'campaign' },
      'x-github-api-version': '2022-11-28',
    },
  })
  return ((await answer.json()) as unknown[]).length
}
