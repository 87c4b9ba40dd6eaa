import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gitHttpServer } from '../support/git-http/server.ts'
import { readDescription } from '../support/github/description.ts'
import { githubServer } from '../support/github/server.ts'
import { canaryKeys } from '../support/keys.ts'
import { type PlayedModel, startModel } from '../support/model/server.ts'
import type { Manager } from './choice.ts'
import type { CampaignEngine } from './engine.ts'
import { askOracles } from './oracle.ts'
import { forwarding, startPeer } from './peers.ts'
import { agent, judge, projects } from './project.ts'
import { registryHandler } from './registry.ts'
import { type Scene, sceneOf } from './scene.ts'
import { copyOver, makeTemplates, type Places, placesIn } from './templates.ts'
import type { Anew, Unasked, World } from './world.ts'

/** Everything that trials of these scenes need, each of which was seen undisturbed. */
export async function openWorld(
  out: string,
  engine: CampaignEngine,
  scenes: readonly Scene[],
): Promise<World> {
  await using opened = new AsyncDisposableStack()
  const folder = resolve(out)
  const places = placesIn(join(folder, 'work'))
  const templateFolder = join(folder, 'template')
  const templates = (manager: Manager) => placesIn(join(templateFolder, manager))
  await rm(templateFolder, { recursive: true, force: true })
  const model = modelsFor(opened)
  const description = readDescription()
  const anew = () => githubServer({ token: canaryKeys.github, root: places.remotes, description }).server
  let github = anew()
  const remote = gitHttpServer({ root: places.remotes })
  const peers = {
    model: opened.use(await startPeer(forwarding(model.url))),
    registry: opened.use(await startPeer(await registryHandler(join(folder, 'packages')))),
    remote: opened.use(
      await startPeer((request, response) => void remote.emit('request', request, response)),
    ),
    github: opened.use(
      await startPeer((request, response) => void github.emit('request', request, response)),
    ),
  }
  for (const manager of new Set(scenes.map((one) => one.manager)))
    await makeTemplates(templates(manager), manager, peers)
  const common: Unasked = {
    engine,
    peers,
    places,
    templates,
    waiting: (manager) => join(templateFolder, manager, 'waiting'),
    env: (at) => environment(at, engine, peers),
    play: model.play,
    reset: async (options) => {
      github = anew()
      await reset(common, options)
    },
  }
  const oracles = await askOracles(common, scenes)
  const kept = opened.move()
  return {
    ...common,
    oracles,
    oracle: (scene) => {
      const known = oracles.get(sceneOf(scene))
      if (known === undefined) throw new Error(`nobody saw it undisturbed: ${sceneOf(scene)}`)
      return known
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** A model for each scene, started where it is first asked. */
function modelsFor(opened: AsyncDisposableStack): { play: World['play']; url: () => string } {
  const models = new Map<string, PlayedModel>()
  let asked: PlayedModel | undefined
  opened.defer(async () => {
    for (const model of models.values()) await model.close()
  })
  return {
    url: () => asked?.url ?? '',
    async play({ manager, story }) {
      const key = `${manager} ${story}`
      const model =
        models.get(key) ??
        (await startModel({ agent: agent({ manager, story }), judge: judge(projects[manager]) }))
      models.set(key, model)
      asked = model
    },
  }
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
  { manager, waiting: waits, repository }: Anew,
): Promise<void> {
  for (const peer of Object.values(peers)) peer.disturb(undefined)
  const template = templates(manager)
  const copies = [
    [waits ? waiting(manager) : template.home, places.home],
    [template.tmp, places.tmp],
    [template.user, places.user],
    [template.repository, repository],
    [template.remotes, places.remotes],
  ] as const
  for (const [from, to] of copies) await copyOver(from, to)
}
