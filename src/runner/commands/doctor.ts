import { join } from 'node:path'
import { DrydockError, type Failure } from '../../contract/failure.ts'
import { Settings } from '../../contract/settings.ts'
import { examineCage } from '../docker/cage.ts'
import type { Engine } from '../docker/engine.ts'
import { engineFault } from '../docker/lost.ts'
import { placeOf } from '../docker/place.ts'
import { preflight } from '../docker/preflight.ts'
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

async function examine(context: CommandContext, runtime: string | undefined): Promise<Examination> {
  const connection = await modelConnection(context.env)
  const asked = Promise.all([modelAnswer(context), hostAnswer(context)])
  // Awaited below, once the engine was looked at.
  asked.catch(() => undefined)
  const place = await placeOf({ env: context.env, platform: process.platform, exists })
  const common = {
    ...(place === undefined ? {} : { place: { name: place.name, engine: place.engine } }),
    version: context.version,
    node: process.version,
    sessions: context.sessions,
    baselines: await openBaselines(join(context.cache, 'baselines')).count(),
    registries: await registriesOf(context),
    key:
      connection.apiKey !== undefined
        ? ('api key' as const)
        : connection.authToken !== undefined
          ? ('auth token' as const)
          : ('none' as const),
  }
  try {
    const engine = await engineOf(context)
    const protections = await protectionsOf(context, engine, Settings.parse({ runtime }))
    const [model, host] = await asked
    return { ...common, model, host, engine: { address: engine.address, source: engine.source }, protections }
  } catch (error) {
    // Whatever an engine does is a finding, and never the end of who looks for it.
    const fault = error instanceof DrydockError ? error : engineFault(error)
    if (fault === undefined) throw error
    const [model, host] = await asked
    return { ...common, model, host, engineFailure: fault.failure, protections: [] }
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
    const told = await preflight(engine, limits)
    // An engine that says it lacks something essential is given no container to run.
    if (missingEssentials(told).length > 0) return told
    return await preflight(
      engine,
      limits,
      await examineCage({ engine, limits, assets, env, profiles: join(cache, 'seccomp') }),
    )
  } finally {
    engine.close()
  }
}

/** `drydock doctor`: what is there, and each protection as on, weaker (why) or off. Exit code 5 where no run could start. */
export async function doctor(
  context: CommandContext,
  flags: { readonly json?: boolean; readonly runtime?: string },
): Promise<number> {
  const found = await examine(context, flags.runtime)
  const ready = found.engine !== undefined && missingEssentials(found.protections).length === 0
  if (flags.json === true) printJson(context, { ready, ...found })
  else context.stdout.write(page(context, found, ready))
  return ready ? exitCodes.done : exitCodes.setupFailed
}

function page({ colors: c, stdout }: CommandContext, found: Examination, ready: boolean): string {
  const missing = missingEssentials(found.protections).map(({ name }) => name)
  const verdict = ready
    ? c.green('Ready.')
    : c.red(missing.length === 0 ? 'Not ready.' : `Not ready: ${missing.join(', ')}.`)
  const wrong = exceptions(found, c)
  const parts = [
    ...(wrong.length === 0 ? [] : [[c.bold('To look at'), ...wrong]]),
    [c.bold('In order'), ...inOrder(found, c)],
    [verdict],
  ]
  return `${parts.map((lines) => wrapped(lines.join('\n'), columnsOf(stdout))).join('\n\n')}\n`
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
function inOrder(found: Examination, c: Colors): readonly string[] {
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
          line('protections', `${on} of ${protections.length} on`),
        ]),
    ...told('model key', model),
    ...told('code host', host),
    line('registries', `${found.registries} in your configuration`),
    line(
      'sessions',
      `${found.sessions}; ${found.baselines} base ${found.baselines === 1 ? 'run' : 'runs'} kept, --fresh uses none`,
    ),
  ]
}
