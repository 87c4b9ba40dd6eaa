import { join } from 'node:path'
import { DrydockError, type Failure } from '../../contract/failure.ts'
import { Settings } from '../../contract/settings.ts'
import { examineConfinement } from '../docker/confinement.ts'
import type { Engine } from '../docker/engine.ts'
import { factsOf } from '../docker/facts.ts'
import { engineFault } from '../docker/lost.ts'
import { placeOf } from '../docker/place.ts'
import { protectionsFrom } from '../docker/preflight.ts'
import { missingEssentials, type Protection } from '../docker/protection.ts'
import { exists } from '../docker/sockets.ts'
import { openEcosystems } from '../ecosystems/index.ts'
import { modelConnection } from '../modelConnection.ts'
import { openBaselines } from '../pipeline/baselines.ts'
import type { Colors } from '../terminal/colors.ts'
import { oneLine } from '../terminal/text.ts'
import { columnsOf, wrapped } from '../terminal/wrap.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { engineOf } from './engine.ts'
import { exitCodes } from './exitCode.ts'
import { type Answer, hostAnswer, modelAnswer } from './reachable.ts'

interface Examination {
  readonly version: string
  readonly node: string
  readonly sessions: string
  readonly engine?: { readonly address: string; readonly source: string }
  readonly engineFailure?: Failure
  /** Absent on a machine of one's own. */
  readonly place?: { readonly name: string; readonly engine: string }
  readonly protections: readonly Protection[]
  /** Number of registries that the user's configurations name; their addresses are their own business. */
  readonly registries: number
  /** Results of bases that later sessions can use. */
  readonly baselines: number
  readonly key: 'api key' | 'auth token' | 'none'
  /** What the model's server said to the key, and the code host of this folder's repository to its token. */
  readonly model: Answer
  readonly host: Answer
}

interface DoctorFlags {
  readonly json?: boolean
  readonly runtime?: string
  /** The protections that are on, too. */
  readonly all?: boolean
  /** Only whether an engine answers. */
  readonly quick?: boolean
}

const notAsked: Answer = { state: 'unasked', said: 'not asked' }

async function examine(
  context: CommandContext,
  { runtime, quick = false }: DoctorFlags,
): Promise<Examination> {
  // The engine takes longest: all the others are asked beside it.
  const [common, model, host, engine] = await Promise.all([
    surroundingsOf(context),
    quick ? notAsked : modelAnswer(context),
    quick ? notAsked : hostAnswer(context),
    engineAnswer(context, quick ? undefined : Settings.parse({ runtime })),
  ])
  return { ...common, model, host, ...engine }
}

type Surroundings = Omit<Examination, keyof EngineAnswer | 'model' | 'host'>

async function surroundingsOf(context: CommandContext): Promise<Surroundings> {
  const [connection, place, baselines, registries] = await Promise.all([
    modelConnection(context.env),
    placeOf({ env: context.env, platform: process.platform, exists }),
    openBaselines(join(context.cache, 'baselines')).count(),
    registriesOf(context),
  ])
  return {
    ...(place === undefined ? {} : { place: { name: place.name, engine: place.engine } }),
    version: context.version,
    node: process.version,
    sessions: context.sessions,
    ...{ baselines, registries },
    key:
      connection.apiKey !== undefined
        ? 'api key'
        : connection.authToken !== undefined
          ? 'auth token'
          : 'none',
  }
}

type EngineAnswer = Pick<Examination, 'engine' | 'engineFailure' | 'protections'>

/** Without limits it is only found, and not looked at. */
async function engineAnswer(context: CommandContext, limits: Settings | undefined): Promise<EngineAnswer> {
  try {
    const engine = await engineOf(context)
    if (limits === undefined) engine.close()
    const protections = limits === undefined ? [] : await protectionsOf(context, engine, limits)
    return { engine: { address: engine.address, source: engine.source }, protections }
  } catch (error) {
    // Whatever an engine does is a finding, and never the end of who looks for it.
    const fault = error instanceof DrydockError ? error : engineFault(error)
    if (fault === undefined) throw error
    return { engineFailure: fault.failure, protections: [] }
  }
}

async function registriesOf({ env, userHome, cache }: CommandContext): Promise<number> {
  const opened = await openEcosystems({ env, userHome, cacheDir: join(cache, 'packages') })
  return opened.reduce((sum, { served }) => sum + served.upstreams.length, 0)
}

async function protectionsOf(
  { assets, env, cache }: CommandContext,
  engine: Engine,
  limits: Settings,
): Promise<readonly Protection[]> {
  try {
    const facts = await factsOf(engine.docker)
    const told = protectionsFrom(facts, limits)
    // An engine that says it lacks something essential is given no container to run.
    if (missingEssentials(told).length > 0) return told
    const profiles = join(cache, 'seccomp')
    const confinement = await examineConfinement({ engine, limits, assets, env, profiles }, facts)
    return protectionsFrom(facts, limits, confinement)
  } finally {
    engine.close()
  }
}

/** `drydock doctor`: what is there, and each protection as on, weaker (why) or off. Exit code 5 where no run could start. */
export async function doctor(context: CommandContext, flags: DoctorFlags): Promise<number> {
  const found = await examine(context, flags)
  const ready = found.engine !== undefined && missingEssentials(found.protections).length === 0
  if (flags.json === true) printJson(context, { ready, ...found })
  else
    context.stdout.write(
      flags.quick === true ? quickPage(context, found) : page(context, found, ready, flags.all),
    )
  return ready ? exitCodes.done : exitCodes.setupFailed
}

function quickPage({ colors: c }: CommandContext, { engine, engineFailure }: Examination): string {
  return engine === undefined
    ? `${c.red('✖')} ${engineFailure?.message ?? ''}\n  ${c.bold('Next:')} ${engineFailure?.next ?? ''}\n`
    : `${c.green('✔')} ${engine.address} answers; what it protects was not looked at.\n`
}

function page(
  { colors: c, stdout }: CommandContext,
  found: Examination,
  ready: boolean,
  all = false,
): string {
  const missing = missingEssentials(found.protections).map(({ name }) => name)
  const verdict = ready
    ? c.green('Ready.')
    : c.red(missing.length === 0 ? 'Not ready.' : `Not ready: ${missing.join(', ')}.`)
  const wrong = exceptions(found, c)
  const parts = [
    ...(wrong.length === 0 ? [] : [[c.bold('To look at'), ...wrong]]),
    [c.bold('In order'), ...inOrder(found, c, all)],
    ...(all ? [[c.bold('Protections that are on'), ...protectionsOn(found, c)]] : []),
    [verdict, ...(missing.join() === 'images' ? [imagesNext(c)] : [])],
  ]
  return `${parts.map((lines) => wrapped(lines.join('\n'), columnsOf(stdout))).join('\n\n')}\n`
}

/** Nothing is wrong with this machine then; it is only not known yet whether a session can run. */
function imagesNext(c: Colors): string {
  return `${c.bold('Next:')} \`drydock setup\` builds the images now; the first \`drydock update\` would do so itself. Then ask again: some protections are only seen with them.`
}

function protectionsOn({ protections }: Examination, c: Colors): readonly string[] {
  const on = protections.filter(({ state }) => state === 'on')
  return on.length === 0 ? ['  none is known'] : on.map(({ name }) => `  ${c.green('✔')} ${name}`)
}

/** What is not as it should be, the worst first: whoever looks needs no more than this. */
function exceptions(
  { engine, engineFailure, place, protections, model, host }: Examination,
  c: Colors,
): readonly string[] {
  const marks = { off: c.red('✖ off   '), weaker: c.yellow('! weaker') } as const
  const bad = (what: string, { state, said }: Answer) =>
    state === 'bad' ? [`  ${c.yellow('!')} ${what}: ${oneLine(said, 300)}`] : []
  const failing = (state: 'off' | 'weaker') =>
    protections
      .filter((one) => one.state === state)
      .map(({ name, why = '' }) => `  ${marks[state]}  ${name}  ${c.dim(oneLine(why, 1000))}`)
  return [
    ...(engine === undefined
      ? [
          `  ${c.red('✖')} engine: ${oneLine(engineFailure?.message ?? 'none', 600)}`,
          ...(place === undefined ? [] : [`    this is ${place.name}; meant is ${place.engine}`]),
          `    ${c.bold('Next:')} ${oneLine(engineFailure?.next ?? '', 600)}`,
        ]
      : []),
    ...bad('model key', model),
    ...bad('code host', host),
    ...failing('off'),
    ...failing('weaker'),
  ]
}

/** The rest, one line a group. */
function inOrder(found: Examination, c: Colors, all: boolean): readonly string[] {
  const { engine, place, protections, model, host } = found
  const on = protections.filter(({ state }) => state === 'on').length
  const line = (what: string, text: string, mark = c.green('✔')) => `  ${mark} ${what.padEnd(11)} ${text}`
  const told = (what: string, { state, said }: Answer) =>
    state === 'bad' ? [] : [line(what, oneLine(said, 300), state === 'good' ? c.green('✔') : c.dim('·'))]
  return [
    line('drydock', `${found.version}, Node ${found.node}`),
    ...(engine === undefined
      ? []
      : [
          line(
            'engine',
            `${engine.address}  ${c.dim(`by ${engine.source}`)}${place === undefined ? '' : `, in ${place.name}`}`,
          ),
          line('protections', `${on} of ${protections.length} on${all ? '' : c.dim('  --all names them')}`),
        ]),
    ...told('model key', model),
    ...told('code host', host),
    line('registries', `${found.registries} in your configuration`),
    line(
      'sessions',
      `${found.sessions}; ${found.baselines} ${found.baselines === 1 ? 'run' : 'runs'} of checks kept, --fresh uses none`,
    ),
  ]
}
