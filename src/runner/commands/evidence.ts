import { rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { DrydockError } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'
import { readArtifact } from '../../store/artifacts.ts'
import { sessionFiles } from '../../store/files.ts'
import { sessionFolder } from '../../store/home.ts'
import { sessionNamed } from '../../store/named.ts'
import { readEvents } from '../../store/read.ts'
import { makeRedactor } from '../../store/redact.ts'
import { readSession } from '../../store/session.ts'
import type { SessionLog } from '../../store/write.ts'
import { filesOf, sha256, statementName } from '../evidence/bundle.ts'
import { writeBundle } from '../evidence/folder.ts'
import { gather } from '../evidence/gather.ts'
import type { Bundle } from '../evidence/value.ts'
import { evidenceWorkflow } from '../evidence/workflow.ts'
import { openBareRepository } from '../git/bareRepository.ts'
import type { BareRepository } from '../git/repository.ts'
import { secretVariables } from '../secretVariables.ts'
import { printable } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface EvidenceFlags {
  readonly out?: string
  readonly workflow?: boolean
  readonly json?: boolean
}

/** What a session proves, with nothing in it that this environment holds as a secret. */
export async function evidenceOf(context: CommandContext, id: string): Promise<Bundle> {
  const { sessions, env } = context
  const view = await readSession(sessions, id)
  if (view.outcome === null) throw failures.stillRunning(id)
  const folder = sessionFolder(sessions, id)
  const source = view.task.repository.root
  const repository = await openBareRepository({ dir: sessionFiles.repository(folder), source, env })
  const artifact = (digest: string): Promise<Buffer> => readArtifact(folder, digest)
  return withoutSecrets(context, await gather({ events: await readEvents(folder), artifact, repository }))
}

/** The patch is what its digest says; one with a secret of a session is never recorded. */
function withoutSecrets({ env }: CommandContext, bundle: Bundle): Bundle {
  const secrets = secretVariables.flatMap((name) => env[name] ?? [])
  const { record, reports, matrix } = makeRedactor(secrets).value({ ...bundle })
  return { ...bundle, record, reports, matrix }
}

/** What a pull request calls the evidence by; undefined where the session's log is too old to give any. */
export async function statementOfSession(
  context: CommandContext,
  { log, repository }: { readonly log: SessionLog; readonly repository: BareRepository },
): Promise<string | undefined> {
  try {
    const bundle = await gather({ events: log.events, artifact: log.artifacts.get, repository })
    return sha256(filesOf(withoutSecrets(context, bundle)).get(statementName) ?? '')
  } catch (error) {
    if (error instanceof DrydockError && error.failure.code === 'session-state') return undefined
    throw error
  }
}

/** `drydock evidence`: a folder of what a session proves, or the workflow that checks one. */
export async function evidence(
  context: CommandContext,
  named: string | undefined,
  flags: EvidenceFlags,
): Promise<number> {
  if (flags.workflow === true) {
    context.stdout.write(evidenceWorkflow)
    return exitCodes.done
  }
  if (named === undefined) throw failures.badUsage('Name a session, or give --workflow.')
  const id = await sessionNamed(context.sessions, named)
  const files = filesOf(await evidenceOf(context, id))
  // Beside the sessions: where somebody stands is most often a work tree, which is theirs.
  const own = join(dirname(context.sessions), 'evidence', id)
  const folder = flags.out === undefined ? own : resolve(context.cwd, flags.out)
  if (flags.out === undefined) await rm(own, { recursive: true, force: true })
  await writeBundle(folder, files)
  const statement = sha256(files.get(statementName) ?? '')
  if (flags.json === true) printJson(context, { session: id, folder, statement, files: [...files.keys()] })
  else {
    const { colors: c } = context
    context.stdout.write(
      [
        `${c.green('✔')} ${c.bold('Evidence')}  ${printable(folder)}`,
        `${files.size} files; the statement is sha256:${statement}`,
        `Check it anywhere: drydock verify-evidence ${printable(join(folder))} --repo REPOSITORY`,
        '',
      ].join('\n'),
    )
  }
  return exitCodes.done
}
