import { access, mkdir, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { failures } from '../../contract/failures.ts'
import { readSession } from '../../store/session.ts'
import { readArchive } from '../archive/read.ts'
import { writeArchive } from '../archive/write.ts'
import { hasCommit } from '../git/hasCommit.ts'
import { userGit } from '../git/program.ts'
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
  const file = await archiveFile(context, id, flags.out)
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

/** Beside the sessions where none is named: where somebody stands is most often a work tree, which is theirs. */
async function archiveFile(context: CommandContext, id: string, out: string | undefined): Promise<string> {
  if (out === undefined) {
    const own = join(dirname(context.sessions), 'exports', `drydock-${id}.tar.gz`)
    await mkdir(dirname(own), { recursive: true, mode: 0o700 })
    await rm(own, { force: true })
    return own
  }
  const file = resolve(context.cwd, out)
  const there = await access(file).then(
    () => true,
    () => false,
  )
  if (there) throw failures.fileInUse(file)
  return file
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
    hasCommit: (commit) => hasCommit(userGit(found?.root ?? cwd, env), commit),
  })
  if (flags.json === true) printSession(context, await readSession(sessions, id))
  else
    context.stdout.write(
      `${context.colors.green('✔')} Session ${id}: drydock show ${id}\n${found === undefined ? 'To try it again here, import it once more with --repo DIR.\n' : ''}`,
    )
  return exitCodes.done
}
