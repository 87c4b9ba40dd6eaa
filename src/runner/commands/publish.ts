import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isElsewhere } from '../../contract/elsewhere.ts'
import { failures } from '../../contract/failures.ts'
import { type AutoMergeLevel, autoMergeDays, type PullRequestWording } from '../../contract/pullRequest.ts'
import type { SessionView } from '../../contract/sessionView.ts'
import { againstApproval } from '../../contract/toPublish.ts'
import { sessionFiles } from '../../store/files.ts'
import { sessionFolder } from '../../store/home.ts'
import { readSession } from '../../store/session.ts'
import { holdFor } from '../follow.ts'
import { gateOf } from '../gate.ts'
import { openBareRepository } from '../git/bareRepository.ts'
import { userIdentity } from '../git/remote.ts'
import { approve } from '../publish/approve.ts'
import { type AutoMergePolicy, policyOf } from '../publish/autoMerge.ts'
import { publish } from '../publish/publish.ts'
import { type Progress, stage } from '../stage.ts'
import { patchText, signatureLine } from '../terminal/summary.ts'
import { printable } from '../terminal/text.ts'
import { atTerminal, confirmations, type Word } from './ask.ts'
import type { CommandContext } from './context.ts'
import { printSession } from './context.ts'
import { statementOfSession } from './evidence.ts'
import { exitCodes } from './exitCode.ts'
import { hostTokens } from './hostTokens.ts'
import { editsOf, isWorded, previewCommand, requireFit, type WordingFlags, wordingOf } from './preview.ts'
import { takeTurn, turnOf } from './turns.ts'

export interface PublishOptions {
  readonly acknowledge: readonly string[]
  readonly withoutJudge: boolean
  /** A person takes it on that the checks could prove nothing; no flag of the command line says so. */
  readonly unverified: boolean
  readonly quiet: boolean
  /** Open another one although one of ours is open for the same update. */
  readonly anyway?: boolean
  /** Say in other tools' open requests for the same update that this one exists. */
  readonly tell?: boolean
  /** What a person wants otherwise of its text and addressees. */
  readonly wording?: PullRequestWording
  /** Push to a fork of the account's own. */
  readonly fork?: boolean
  /** What the host may merge by itself, where it is not what the session's settings say. */
  readonly autoMerge?: AutoMergePolicy
  /** The patch and base that were on show; the latest where undefined. */
  readonly shown?: { readonly digest: string; readonly baseCommit: string }
}

/** Approves a waiting session's patch, pushes its branch and opens the pull request. */
export async function publishSession(
  context: CommandContext,
  id: string,
  options: PublishOptions,
): Promise<SessionView> {
  const folder = sessionFolder(context.sessions, id)
  const tokens = hostTokens(context.env)
  const cancel = new AbortController()
  const signal = AbortSignal.any([context.signal, cancel.signal])
  const held = await holdFor(context, id, 'publish', {
    secrets: Object.values(tokens).filter((token) => token !== undefined),
    onFailure: (failure) => cancel.abort(failure),
    control: { cancel: () => cancel.abort(failures.cancelled()), isCancelling: () => signal.aborted },
  })
  try {
    const { log } = held
    requireShown(held.view(), options.shown)
    // Before the approval: what cannot be sent is approved by nobody.
    requireFit(options.wording ?? {})
    // Before the repository is asked for anything: here there may be none.
    if (isElsewhere(held.view())) throw failures.sessionElsewhere(id)
    if (held.view().imported !== undefined) throw failures.importedSession(id)
    if (held.view().approval === null) {
      // A repository that cannot be read is told of below: what speaks against the approval comes first.
      const who = userIdentity(held.task.repository.root, context.env).catch(() => undefined)
      const by = (await who)?.name
      log.emit(approve(held.view(), { ...options, acknowledged: options.acknowledge, by }))
    }
    const repository = await openBareRepository({
      dir: join(folder, 'repo.git'),
      source: held.task.repository.root,
      env: context.env,
    })
    const { wording } = options
    if (wording !== undefined && isWorded(wording)) {
      const edits = await editsOf(held.view(), wording, log.artifacts)
      log.emit({ type: 'pullRequest.edited', edits })
    }
    const text = await patchText(context, held.view())
    const turn = await turnOf(context, held.task.repository.root)
    const tell = (progress: Progress) => (message: string) => {
      progress(message)
      if (!options.quiet) context.stdout.write(`${context.colors.dim(`… ${printable(message)}`)}\n`)
    }
    const done = await stage({ emit: log.emit, signal }, { stage: 'publish' }, (progress) =>
      publish({
        view: held.view(),
        patchText: text,
        repository,
        artifacts: log.artifacts,
        emit: log.emit,
        env: context.env,
        tokens,
        turn,
        evidence: () => statementOfSession(context, { log, repository }),
        autoMerge: options.autoMerge ?? policyOf(held.task),
        now: context.now(),
        gate: gateOf(context, held, { signal, abort: (failure) => cancel.abort(failure) }, tell(progress)),
        ...(options.anyway === true ? { anyway: true } : {}),
        ...(options.tell === true ? { tell: true } : {}),
        ...(options.fork === true ? { fork: true } : {}),
        signal,
        progress: tell(progress),
      }),
    )
    if (done.url !== undefined) await takeTurn(context, held.task.repository.root)
    log.emit({ type: 'session.finished', outcome: 'published', reason: `Pushed ${done.branch}.` })
    const textFile = sessionFiles.pullRequest(folder)
    // Where no host opened it, a person does, with this.
    if (done.url === undefined) await writeFile(textFile, done.body, { mode: 0o600 })
    if (!options.quiet) context.stdout.write(publishedLines(context, done, textFile))
    return held.view()
  } finally {
    await held.release()
  }
}

function requireShown({ patch }: SessionView, shown: PublishOptions['shown']): void {
  if (shown === undefined) return
  if (patch?.digest === shown.digest && patch.baseCommit === shown.baseCommit) return
  throw failures.approvalVoid('the patch is not the one that was on show')
}

function publishedLines(
  { colors: c }: CommandContext,
  done: Awaited<ReturnType<typeof publish>>,
  textFile: string,
): string {
  const where =
    done.url === undefined
      ? [
          `${c.bold('Title')}  ${printable(done.title)}`,
          `${c.bold('Text of the pull request')}  ${textFile}`,
          '',
          printable(done.body),
        ]
      : [`${c.bold('Pull request')}  ${printable(done.url)}`]
  const signed = done.signature
  const seen = signed === undefined ? [] : [`${c.bold('Signature')}  ${signatureLine(signed)}`]
  const notes = done.notes.map((note) => `${c.yellow('!')} ${printable(note)}`)
  return `\n${c.green('✔')} ${c.bold('Branch')}  ${done.branch}\n${[...where, ...seen, ...notes].join('\n')}\n`
}

export interface PublishFlags extends WordingFlags {
  readonly preview?: boolean
  readonly yes?: boolean
  readonly acknowledge: readonly string[]
  readonly withoutJudge?: boolean
  readonly json?: boolean
  readonly anyway?: boolean
  readonly tell?: boolean
  readonly fork?: boolean
  readonly autoMerge?: AutoMergeLevel
  readonly autoMergeDays?: number
}

/** `drydock publish`: the command is the approval; warnings still need their codes, an unverified session an answer. */
export async function publishCommand(
  context: CommandContext,
  id: string,
  flags: PublishFlags,
): Promise<number> {
  const policy = await policyBy(context, id, flags)
  const { acknowledge, withoutJudge = false } = flags
  if (flags.preview === true)
    return previewCommand(context, id, flags, { acknowledge, withoutJudge, ...policy })
  const view = await publishSession(context, id, {
    wording: await wordingOf(context, flags),
    ...(await wordOf(context, id, flags)),
    quiet: flags.json === true,
    ...(flags.anyway === true ? { anyway: true } : {}),
    ...(flags.tell === true ? { tell: true } : {}),
    ...(flags.fork === true ? { fork: true } : {}),
    ...policy,
  })
  if (flags.json === true) printSession(context, view)
  return exitCodes.done
}

/** What the flags say goes before the session's settings. */
async function policyBy(
  context: CommandContext,
  id: string,
  { autoMerge, autoMergeDays: days }: PublishFlags,
): Promise<{ readonly autoMerge?: AutoMergePolicy }> {
  if (autoMerge === undefined && days === undefined) return {}
  const own = policyOf((await readSession(context.sessions, id)).task)
  const upTo = autoMerge ?? own?.upTo
  if (upTo === undefined) throw failures.badUsage('--auto-merge-days needs --auto-merge patch or minor.')
  return { autoMerge: { upTo, days: days ?? own?.days ?? autoMergeDays } }
}

/** What the flags say; a person at a terminal is asked for the rest, where their word is all that is missing. */
export async function wordOf(
  context: CommandContext,
  id: string,
  flags: Pick<PublishFlags, 'acknowledge' | 'withoutJudge' | 'yes' | 'json'>,
): Promise<Word> {
  const { acknowledge, withoutJudge = false } = flags
  const said = { acknowledge, withoutJudge, unverified: false }
  if (!context.interactive || flags.yes === true || flags.json === true) return said
  const view = await readSession(context.sessions, id)
  const open = againstApproval(view, { ...said, acknowledged: new Set(acknowledge) })
  if (open.length === 0 || open.some(({ flagged, asked }) => flagged === undefined && asked === undefined))
    return said
  return (await atTerminal(context, (ask) => confirmations(context, ask, view, said))) ?? said
}
