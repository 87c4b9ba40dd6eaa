import { cp, mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { SessionView } from '../../src/contract/sessionView.ts'
import { readSessionJson } from '../support/drydock.ts'
import { gitHttpServer } from '../support/git-http/server.ts'
import { githubServer } from '../support/github/server.ts'
import { canaryKeys } from '../support/keys.ts'
import { git, makeRepository } from '../support/madeRepository.ts'
import { type PlayedModel, startModel } from '../support/model/server.ts'
import { libraryName } from '../truth/library.ts'
import type { Peer, Story } from './choice.ts'
import { type Ended, start } from './drydock.ts'
import type { CampaignEngine } from './engine.ts'
import { sessionsOf } from './moment.ts'
import { forwarding, registryHandler, startPeer, type TroubledPeer } from './peers.ts'
import { agent, judge, projectFiles, versions } from './project.ts'

/** What a session says where nothing disturbs it. */
export interface Oracle {
  readonly outcome: SessionView['outcome']
  readonly green: boolean
  readonly digest: string | undefined
  readonly decision: string | undefined
  readonly peakMb: number
  readonly seconds: number
}

/** Where everything of one trial lies; always the same places, so that what was prepared stays warm. */
export interface Places {
  readonly home: string
  readonly tmp: string
  readonly user: string
  readonly repository: string
  readonly remotes: string
}

export interface World extends AsyncDisposable {
  readonly engine: CampaignEngine
  readonly peers: Readonly<Record<Peer, TroubledPeer>>
  readonly places: Places
  readonly templates: Places
  /** A home in which a session waits for review. */
  readonly waiting: string
  readonly oracles: Readonly<Record<Exclude<Story, 'decide'>, Oracle>>
  env(places: Places): NodeJS.ProcessEnv
  /** The model that is asked from now on. */
  play(story: Story): void
  /** Lays out the places of a trial anew. */
  reset(options: { readonly waiting: boolean; readonly repository: string }): Promise<void>
}

const repositoryName = 'o/r.git'
const patienceMs = 180_000

export async function openWorld(
  out: string,
  engine: CampaignEngine,
  stories: readonly Story[],
): Promise<World> {
  await using opened = new AsyncDisposableStack()
  const folder = resolve(out)
  const [places, templates] = ['work', 'template'].map((name) => placesIn(join(folder, name))) as [
    Places,
    Places,
  ]
  await rm(join(folder, 'template'), { recursive: true, force: true })
  const models = new Map<Story, PlayedModel>()
  for (const story of ['clean', 'repair', 'wrong', 'decide'] as const) {
    const model = await startModel({ agent: agent(story), judge })
    opened.defer(() => model.close())
    models.set(story, model)
  }
  let asked = models.get('clean')
  const anew = () => githubServer({ token: canaryKeys.github, root: places.remotes })
  let github = anew()
  const remote = gitHttpServer({ root: places.remotes })
  const peers = {
    model: opened.use(await startPeer(forwarding(() => asked?.url ?? ''))),
    registry: opened.use(await startPeer(await registryHandler())),
    remote: opened.use(
      await startPeer((request, response) => void remote.emit('request', request, response)),
    ),
    github: opened.use(
      await startPeer((request, response) => void github.emit('request', request, response)),
    ),
  }
  await makeTemplates(templates, peers)
  const common = {
    engine,
    peers,
    places,
    templates,
    waiting: join(folder, 'template', 'waiting'),
    env: (at: Places) => environment(at, engine, peers),
    play: (story: Story) => {
      asked = models.get(story)
    },
    reset: (options: { waiting: boolean; repository: string }) => {
      github = anew()
      return reset(common, options)
    },
  }
  const oracles = await askOracles(common, stories)
  const kept = opened.move()
  return { ...common, oracles, [Symbol.asyncDispose]: () => kept.disposeAsync() }
}

type Unasked = Omit<World, 'oracles' | typeof Symbol.asyncDispose>

function placesIn(folder: string): Places {
  const [home, tmp, user, repository, remotes] = ['home', 'tmp', 'user', 'repository', 'remotes'].map(
    (name) => join(folder, name),
  ) as [string, string, string, string, string]
  return { home, tmp, user, repository, remotes }
}

async function makeTemplates(
  { home, tmp, user, repository, remotes }: Places,
  peers: World['peers'],
): Promise<void> {
  await makeRepository(repository, await projectFiles())
  await git(repository, 'config', 'user.name', 'Ada')
  await git(repository, 'config', 'user.email', 'ada@example.com')
  for (const place of [home, tmp, user, remotes]) await mkdir(place, { recursive: true })
  await git(remotes, 'clone', '-q', '--bare', repository, repositoryName)
  await git(repository, 'remote', 'add', 'origin', `${peers.remote.url}/${repositoryName}`)
  const registry = `${peers.registry.url}/`
  const settings = [
    `registry=${registry}`,
    'fetch-timeout=3000',
    'fetch-retries=1',
    'fetch-retry-mintimeout=100',
  ]
  await writeFile(join(user, '.npmrc'), `${settings.join('\n')}\n`)
}

/** A user's, without any secret of this machine. */
function environment(
  { home, tmp, user }: Places,
  { socket }: CampaignEngine,
  peers: World['peers'],
): NodeJS.ProcessEnv {
  const { PATH, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS } = process.env
  return {
    ...{ PATH, SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, HOME: user, TMPDIR: tmp, NO_COLOR: '1' },
    NPM_CONFIG_USERCONFIG: join(user, '.npmrc'),
    DRYDOCK_HOME: home,
    DOCKER_HOST: `unix://${socket}`,
    ANTHROPIC_BASE_URL: peers.model.url,
    ANTHROPIC_API_KEY: canaryKeys.model,
    GITHUB_TOKEN: canaryKeys.github,
  }
}

async function reset(
  { places, templates, waiting, peers }: Unasked,
  options: { readonly waiting: boolean; readonly repository: string },
): Promise<void> {
  for (const peer of Object.values(peers)) peer.disturb(undefined)
  const copies = [
    [options.waiting ? waiting : templates.home, places.home],
    [templates.tmp, places.tmp],
    [templates.user, places.user],
    [templates.repository, options.repository],
    [templates.remotes, places.remotes],
  ] as const
  for (const [from, to] of copies) await copyOver(from, to)
}

/** The folder itself stays, for it may be a disk of its own. */
export async function copyOver(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const name of await readdir(to))
    await rm(join(to, name), { recursive: true, force: true, maxRetries: 5 })
  await cp(from, to, { recursive: true, filter: (path) => !path.endsWith('.sock'), preserveTimestamps: true })
}

export function updateArguments(
  story: Story,
  peers: World['peers'],
  repository: string,
  attempts: number,
): string[] {
  const limits = [
    '--max-attempts',
    String(attempts),
    '--max-turns',
    '6',
    '--github-api-url',
    peers.github.url,
  ]
  return [
    'update',
    `${libraryName}@${versions[story]}`,
    '--repo',
    repository,
    '--no-review',
    '--json',
    ...limits,
  ]
}

export function viewOf({ stdout }: Pick<Ended, 'stdout'>): SessionView | undefined {
  try {
    const parsed = readSessionJson(JSON.parse(stdout))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Runs each story undisturbed, twice: the second finds warm what the first prepared. */
async function askOracles(world: Unasked, stories: readonly Story[]): Promise<World['oracles']> {
  const { places, templates, peers, waiting } = world
  const oracles: Partial<Record<Story, Oracle>> = {}
  const wanted = (['clean', 'repair', 'wrong'] as const).filter(
    (story) => stories.includes(story) || (story === 'repair' && stories.includes('decide')),
  )
  for (const story of wanted) {
    await world.reset({ waiting: false, repository: places.repository })
    world.play(story)
    const begun = performance.now()
    const ended = await start(
      updateArguments(story, peers, places.repository, 1),
      world.env(places),
      patienceMs,
    ).ended
    const view = viewOf(ended)
    if (view === undefined)
      throw new Error(`the undisturbed session said nothing:\n${ended.stdout}\n${ended.stderr}`)
    oracles[story] = oracleOf(view, ended, begun)
    if (story === 'repair') await copyOver(places.home, waiting)
    for (const id of await sessionsOf(places.home))
      await rm(join(places.home, 'sessions', id), { recursive: true })
    await copyOver(places.home, templates.home)
  }
  return oracles as World['oracles']
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
