import { access } from 'node:fs/promises'
import { resolve } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { readSession } from '../../store/session.ts'
import { readArchive } from '../archive/read.ts'
import { writeArchive } from '../archive/write.ts'
import { openRepository } from '../git/userRepository.ts'
import { secretVariables } from '../secretVariables.ts'
import { printable } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson, printSession } from './context.ts'
import { exitCodes } from './exitCode.ts'

/** `drydock export`: a session as one file, without secrets and without paths of this machine. */
export async function exportSession(
  context: CommandContext,
  id: string,
  flags: { readonly out?: string; readonly json?: boolean },
): Promise<number> {
  const { sessions, env, userHome } = context
  const view = await readSession(sessions, id)
  if (view.outcome === null || view.alive === true) throw failures.stillRunning(id)
  const file = resolve(context.cwd, flags.out ?? `drydock-${id}.tar.gz`)
  const there = await access(file).then(
    () => true,
    () => false,
  )
  if (there) throw failures.fileInUse(file)
  const secrets = secretVariables.flatMap((name) => env[name] ?? [])
  const { artifacts, left } = await writeArchive({ sessions, id, file, secrets, userHome })
  if (flags.json === true) printJson(context, { session: id, file, artifacts, leftOut: left })
  else {
    const { colors: c } = context
    const without =
      left.length === 0
        ? ''
        : `${c.yellow('!')} ${left.length} artifact${left.length === 1 ? ' holds' : 's hold'} what looks like a secret and stayed out.\n`
    context.stdout.write(
      `${c.green('✔')} ${c.bold('Exported')}  ${printable(file)}\n${without}Open it elsewhere: drydock import FILE\n`,
    )
  }
  return exitCodes.done
}

/** `drydock import`: a session that was exported elsewhere, to be looked at, verified and tried again. */
export async function importSession(
  context: CommandContext,
  file: string,
  flags: { readonly repo?: string; readonly json?: boolean },
): Promise<number> {
  const { sessions, cwd, env } = context
  const found = flags.repo === undefined ? undefined : await openRepository(resolve(cwd, flags.repo), env)
  const repository = found && {
    root: found.root,
    ...(found.branch === undefined ? {} : { branch: found.branch }),
    ...(found.remote === undefined ? {} : { remote: found.remote }),
  }
  const id = await readArchive({
    ...{ sessions, file: resolve(cwd, file), now: context.now() },
    ...(repository === undefined ? {} : { repository }),
  })
  if (flags.json === true) printSession(context, await readSession(sessions, id))
  else context.stdout.write(`${context.colors.green('✔')} Session ${id}: drydock show ${id}\n`)
  return exitCodes.done
}
