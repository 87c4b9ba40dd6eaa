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
import { table } from '../terminal/tables.ts'
import { oneLine } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { engineOf } from './engine.ts'
import { exitCodes } from './exitCode.ts'

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
}

async function examine(context: CommandContext, runtime: string | undefined): Promise<Examination> {
  const connection = await modelConnection(context.env)
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
    return { ...common, engine: { address: engine.address, source: engine.source }, protections }
  } catch (error) {
    // Whatever an engine does is a finding, and never the end of who looks for it.
    const fault = error instanceof DrydockError ? error : engineFault(error)
    if (fault === undefined) throw error
    return { ...common, engineFailure: fault.failure, protections: [] }
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

function page({ colors: c }: CommandContext, found: Examination, ready: boolean): string {
  const colour = { on: c.green, weaker: c.yellow, off: c.red }
  const engine =
    found.engine === undefined
      ? `${c.red('none')}  ${found.engineFailure?.message ?? ''}\n           ${c.bold('Next:')} ${found.engineFailure?.next ?? ''}`
      : `${found.engine.address}  ${c.dim(`by ${found.engine.source}`)}`
  const key = found.key === 'none' ? c.yellow('none: no agent, no judge; set ANTHROPIC_API_KEY') : found.key
  const rows = found.protections.map((p) => [
    colour[p.state](p.state),
    p.name,
    c.dim(wrapped(oneLine(p.why ?? '', 1000))),
  ])
  const missing = missingEssentials(found.protections).map(({ name }) => name)
  return [
    `${c.bold('drydock')}    ${found.version}, Node ${found.node}`,
    `${c.bold('engine')}     ${engine}`,
    ...(found.place === undefined
      ? []
      : [`${c.bold('place')}      ${found.place.name}; meant is ${found.place.engine}`]),
    `${c.bold('registries')} ${found.registries}`,
    `${c.bold('model key')}  ${key}`,
    `${c.bold('sessions')}   ${found.sessions}`,
    `${c.bold('base runs')}  ${found.baselines} kept for the sessions of today; --fresh uses none`,
    ...(rows.length === 0 ? [] : ['', table(['', 'protection', ''], rows, c)]),
    '',
    ready
      ? c.green('Ready.')
      : c.red(missing.length === 0 ? 'Not ready.' : `Not ready: ${missing.join(', ')}.`),
    '',
  ].join('\n')
}

const reasonWidth = 72

/** The whole reason, on as many lines as it takes. */
function wrapped(text: string): string {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length >= reasonWidth) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines.join('\n')
}
