import { resolve } from 'node:path'
import type { Compared, ComparedRun, EvidenceCheck, EvidenceLimits } from '../../contract/evidence.ts'
import { failures } from '../../contract/failures.ts'
import { Settings } from '../../contract/settings.ts'
import { sha256, statementName } from '../evidence/bundle.ts'
import { compare } from '../evidence/compare.ts'
import { readBundle } from '../evidence/folder.ts'
import { isAddress } from '../evidence/source.ts'
import type { Bundle } from '../evidence/value.ts'
import { type Remeasurement, remeasure } from '../remeasure.ts'
import { liveDisplay, plainDisplay } from '../terminal/progress.ts'
import { oneLine } from '../terminal/text.ts'
import type { CommandContext } from './context.ts'
import { printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface VerifyEvidenceFlags {
  readonly repo: string
  readonly sha256?: string
  readonly bytesOnly?: boolean
  readonly verifyTimeout?: number
  readonly memoryMb?: number
  readonly workspaceMb?: number
  readonly allowMissing?: boolean
  readonly keepSecretFiles?: boolean
  readonly gitHost?: readonly string[]
  readonly json?: boolean
}

/** `drydock verify-evidence`: every byte first, then the runs again. Exit code 4 where they come out otherwise. */
export async function verifyEvidence(
  context: CommandContext,
  folder: string,
  flags: VerifyEvidenceFlags,
): Promise<number> {
  const { bundle, files } = await readBundle(resolve(context.cwd, folder))
  const statement = sha256(files.get(statementName) ?? '')
  const named = flags.sha256?.replace(/^sha256:/, '').toLowerCase()
  if (named !== undefined && named !== statement) throw failures.notTheEvidence(folder, named, statement)
  const common = { session: bundle.record.session, statement }
  const check =
    flags.bytesOnly === true
      ? {
          ...common,
          same: null,
          runs: [],
          labels: [],
          notes: ['Nothing was run: only the bytes were compared.'],
        }
      : { ...common, ...(await runAgain(context, bundle, flags)) }
  if (flags.json === true) printJson(context, check)
  else context.stdout.write(checkText(context, check))
  return check.same === false ? exitCodes.notGreen : exitCodes.done
}

async function runAgain(
  context: CommandContext,
  bundle: Bundle,
  flags: VerifyEvidenceFlags,
): Promise<Omit<EvidenceCheck, 'session' | 'statement'>> {
  const settings = settingsOf(flags)
  const display =
    context.interactive && flags.json !== true
      ? liveDisplay(context.stdout, context.colors, Date.now)
      : plainDisplay((text) => void context.stderr.write(text), context.colors)
  const place = isAddress(flags.repo) ? flags.repo : resolve(context.cwd, flags.repo)
  try {
    const now = await remeasure(context, bundle, { place, settings, onEvent: display.show })
    const { same, runs, labels } = compare(bundle, now)
    const locks = lockNotes(bundle, now)
    const notes = [...locks, ...imageNotes(bundle, now), ...limitNotes(bundle.record.limits, settings)]
    return { same: same && locks.length === 0, runs: [...runs], labels: [...labels], notes }
  } finally {
    display.close()
  }
}

function settingsOf(flags: VerifyEvidenceFlags): Settings {
  const parsed = Settings.safeParse({
    ...(flags.verifyTimeout === undefined ? {} : { verifyTimeoutMs: flags.verifyTimeout * 1000 }),
    ...(flags.memoryMb === undefined ? {} : { memoryMb: flags.memoryMb }),
    ...(flags.workspaceMb === undefined ? {} : { workspaceMb: flags.workspaceMb }),
    ...(flags.allowMissing === undefined ? {} : { allowMissing: flags.allowMissing }),
    ...(flags.keepSecretFiles === undefined ? {} : { keepSecretFiles: flags.keepSecretFiles }),
    ...(flags.gitHost === undefined ? {} : { gitHosts: flags.gitHost }),
  })
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw failures.badUsage(`${issue?.path.join('.')}: ${issue?.message}`)
}

function lockNotes({ record }: Bundle, { locks }: Remeasurement): readonly string[] {
  const now = new Map(locks.map((lock) => [lock.path, lock]))
  const odd = record.locks.filter(
    ({ path, before, after }) => now.get(path)?.before !== before || now.get(path)?.after !== after,
  )
  return odd.map(({ path }) => `${path} is not the lock file that the evidence names.`)
}

/** An image is built on each machine: what differs there is told, since it may explain what differs in the runs. */
function imageNotes({ record }: Bundle, { reports }: Remeasurement): readonly string[] {
  const was = new Map(record.images.map(({ role, digest }) => [role, digest]))
  const odd = Object.values(reports).filter(
    ({ role, image }) => was.has(role) && image !== undefined && was.get(role) !== image,
  )
  return odd.length === 0 ? [] : ['The images of this machine are not those of the evidence, byte by byte.']
}

function limitNotes(was: EvidenceLimits, now: Settings): readonly string[] {
  const keys = ['verifyTimeoutMs', 'memoryMb', 'workspaceMb', 'cpus', 'pids'] as const
  const flags = ['keepSecretFiles', 'allowMissing'] as const
  return [
    ...keys
      .filter((key) => was[key] > now[key])
      .map((key) => `${key} was ${was[key]} there and is ${now[key]} here.`),
    ...flags
      .filter((key) => was[key] && now[key] !== true)
      .map((key) => `${key} was on there and is off here.`),
  ]
}

const shown = 40

function checkText({ colors: c }: CommandContext, check: EvidenceCheck): string {
  const word =
    check.same === null
      ? c.yellow('The bytes are in order')
      : check.same
        ? c.green('Same')
        : c.red('Not the same')
  const differing = check.runs.some((run) => run.differing.length > 0)
  return [
    '',
    `${c.bold('Evidence')}  session ${check.session}, statement sha256:${check.statement}`,
    ...check.runs.flatMap((run) => runLines(run)),
    // Where the runs differ their labels do as well: that is said once.
    ...(differing ? [] : check.labels.slice(0, shown).map((one) => `  ${differenceLine(one)}`)),
    ...check.notes.map((note) => `${c.yellow('!')} ${oneLine(note, 300)}`),
    ...(check.same === null ? [] : [c.dim('What agent and judge said was not asked again.')]),
    c.bold(word),
    '',
  ].join('\n')
}

function runLines({ role, same, differing }: ComparedRun): readonly string[] {
  const more = differing.length - shown
  return [
    `${role}: ${same} as they were${differing.length === 0 ? '' : `, ${differing.length} otherwise`}`,
    ...differing.slice(0, shown).map((one) => `  ${differenceLine(one)}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
  ]
}

function differenceLine({ id, was, is, unsteady }: Compared): string {
  return `${oneLine(id, 200)}: ${oneLine(was, 80)} there, ${oneLine(is, 80)} here${unsteady ? ' (comes and goes)' : ''}`
}
