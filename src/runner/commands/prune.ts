import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { listSessions } from '../../store/session.ts'
import { abandonedSessions, sweep } from '../docker/sweep.ts'
import { findLeftovers, type Leftover, sizeOf } from '../leftovers/find.ts'
import { type CommandContext, printJson } from './context.ts'
import { engineOf } from './engine.ts'
import { exitCodes } from './exitCode.ts'

interface Found extends Leftover {
  readonly bytes: number
}

/**
 * `drydock prune`: says what dead processes and sessions left on disk and engine; `--yes` removes it. What belongs to a
 * living session is neither listed nor touched.
 */
export async function prune(
  context: CommandContext,
  flags: { readonly yes?: boolean; readonly json?: boolean },
): Promise<number> {
  const leftovers = await findLeftovers(context.sessions, tmpdir(), context.now().getTime())
  const folders: Found[] = []
  for (const one of leftovers) folders.push({ ...one, bytes: await sizeOf(one.path) })
  const engine = await engineOf(context).catch(() => undefined)
  try {
    const own = new Set<string>(await listSessions(context.sessions))
    const sessions = engine === undefined ? [] : await abandonedSessions(engine.docker, own, context.now())
    if (flags.json === true)
      printJson(context, { removed: flags.yes === true, folders, sessions, engine: engine !== undefined })
    else context.stdout.write(page(folders, sessions, flags.yes === true, engine !== undefined))
    if (flags.yes !== true) return exitCodes.done
    for (const { path } of folders) await rm(path, { recursive: true, force: true })
    for (const id of sessions) if (engine !== undefined) await sweep(engine.docker, id)
    return exitCodes.done
  } finally {
    engine?.close()
  }
}

function page(folders: readonly Found[], sessions: readonly string[], yes: boolean, engine: boolean): string {
  const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`
  const lines = [
    ...folders.map(({ path, why, bytes }) => `${megabytes(bytes)}  ${path}  (${why})`),
    ...sessions.map((id) => `on the engine: what session ${id} left (its home is not this one, or gone)`),
    ...(engine ? [] : ['No engine answers: what sessions left there was not looked for.']),
  ]
  const total = megabytes(folders.reduce((sum, { bytes }) => sum + bytes, 0))
  const some = folders.length + sessions.length > 0
  const last = yes
    ? `Removing it: ${total} on disk.`
    : `It would free ${total} on disk. To do so: drydock prune --yes`
  return `${[...lines, some ? last : 'Nothing is left behind.'].join('\n')}\n`
}
