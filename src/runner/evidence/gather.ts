import { asMade } from '../../contract/asMade.ts'
import type { Event } from '../../contract/events.ts'
import type { EvidenceRecord } from '../../contract/evidence.ts'
import { failures } from '../../contract/failures.ts'
import type { PatchRef } from '../../contract/patch.ts'
import type { Report } from '../../contract/report.ts'
import { reviewTrail } from '../../contract/reviewed.ts'
import { type SessionView, sessionView } from '../../contract/sessionView.ts'
import type { Task } from '../../contract/task.ts'
import type { BareRepository } from '../git/repository.ts'
import { sha256 } from './bundle.ts'
import { type Bundle, type BundledRole, bundledRoles } from './value.ts'

export interface Sources {
  readonly events: readonly Event[]
  readonly artifact: (digest: string) => Promise<Buffer>
  readonly repository: Pick<BareRepository, 'apply' | 'read'>
}

/** What a session proves of the patch on show, out of its log. Throws `session-state` where nothing was checked. */
export async function gather({ events: log, artifact, repository }: Sources): Promise<Bundle> {
  const view = sessionView(log)
  const events = asMade(log)
  const { patch, matrix } = view
  if (patch === null) throw failures.noEvidence(view.id, 'it has no patch')
  const reports = reportsOf(log, view)
  if (matrix === null || reports.base === undefined || Object.keys(reports).length < 2)
    throw failures.noEvidence(view.id, 'its patch was never checked')
  const made = events.filter((event) => event.type === 'patch.made')
  const update = made.findLast(({ source }) => source === 'update')?.patch
  const separate = update !== undefined && update.digest !== patch.digest ? update : undefined
  const text = async ({ digest }: Pick<PatchRef, 'digest'>): Promise<string> =>
    (await artifact(digest)).toString('utf8')
  const patchText = await text(patch)
  const record: EvidenceRecord = {
    ...recordOf(log, view),
    patch: refOf(patch),
    ...(separate === undefined ? {} : { update: separate }),
    locks: await locksOf(repository, refOf(patch), patchText),
    ...imagesAndCommands(reports),
  }
  return {
    record,
    patch: patchText,
    ...(separate === undefined ? {} : { update: await text(separate) }),
    reports,
    matrix,
  }
}

function refOf({ baseCommit, digest, files }: NonNullable<SessionView['patch']>): PatchRef {
  return { baseCommit, digest, files }
}

/** The first two runs, and those that checked the patch on show. */
function reportsOf(events: readonly Event[], view: SessionView): Bundle['reports'] {
  const made = asMade(events).flatMap((event) => (event.type === 'report.made' ? [event.report] : []))
  const common = (role: 'base' | 'update'): Report | undefined =>
    made.findLast((report) => report.role === role)
  const own = reviewTrail(events).reports.map(({ report }) => report)
  const found = [common('base'), common('update'), ...own].filter((report) => report !== undefined)
  const shown = found.filter(({ role }) => view.reports[role] !== undefined)
  const byRole = new Map(shown.map((report) => [report.role, report]))
  // A report that is there for a role is the one of the patch on show.
  return Object.fromEntries(
    bundledRoles.flatMap((role) => (byRole.has(role) ? [[role, byRole.get(role)]] : [])),
  ) as Partial<Record<BundledRole, Report>>
}

function recordOf(
  events: readonly Event[],
  view: SessionView,
): Omit<EvidenceRecord, 'patch' | 'update' | 'locks' | 'images' | 'commands'> {
  const { task, from, to, moves, places = [], approval } = view
  const { remote, baseCommit, folder, includeUncommitted } = task.repository
  const { settings } = task
  const created = events.find((event) => event.type === 'session.created')
  return {
    v: 1,
    session: view.id,
    runner: created?.runner ?? 'drydock',
    task: askedOf(task),
    repository: {
      ...(remote === undefined ? {} : { url: remote.url }),
      ...{ baseCommit, includeUncommitted },
      ...(folder === undefined ? {} : { folder }),
    },
    limits: {
      verifyTimeoutMs: settings.verifyTimeoutMs,
      memoryMb: settings.memoryMb,
      cpus: settings.cpus,
      pids: settings.pids,
      workspaceMb: settings.workspaceMb,
      keepSecretFiles: settings.keepSecretFiles,
      allowMissing: settings.allowMissing === true,
    },
    ...(from === null || to === null ? {} : { versions: { from, to, moves, places } }),
    ...(view.why === undefined ? {} : { why: view.why }),
    attempts: view.attempts.map(({ attempt, model, turns, end }) => ({
      ...{ attempt, model, turns, end },
      ...promptHashOf(events, attempt),
    })),
    warnings: view.warnings,
    verdict: view.verdict,
    approval:
      approval === null
        ? null
        : {
            ...{ digest: approval.digest, baseCommit: approval.baseCommit },
            ...{ withoutJudge: approval.withoutJudge, at: approval.at },
            ...(approval.by === undefined ? {} : { by: approval.by }),
          },
    costUsd: view.costUsd,
  }
}

function promptHashOf(events: readonly Event[], attempt: number): { readonly promptHash?: string } {
  const started = events.findLast((event) => event.type === 'attempt.started' && event.attempt === attempt)
  const hash = started?.type === 'attempt.started' ? started.promptHash : undefined
  return hash === undefined ? {} : { promptHash: hash }
}

function askedOf(task: Task): EvidenceRecord['task'] {
  if (task.kind !== 'dependency-update') return { kind: task.kind, title: task.title, prompt: task.prompt }
  const { kind, ecosystem, package: name, requested, manifest } = task
  return { kind, ecosystem, package: name, requested, ...(manifest === undefined ? {} : { manifest }) }
}

function imagesAndCommands(reports: Bundle['reports']): Pick<EvidenceRecord, 'images' | 'commands'> {
  const all = bundledRoles.flatMap((role) => reports[role] ?? [])
  const images = all.flatMap(({ role, image }) => (image === undefined ? [] : [{ role, digest: image }]))
  const steps = all.flatMap((report) => report.steps)
  const commands = new Map(steps.map(({ name, command }) => [`${name} ${command}`, { name, command }]))
  return { images, commands: [...commands.values()] }
}

/** Lock files before and after a patch, read from the repository itself. */
export async function locksOf(
  repository: Sources['repository'],
  patch: PatchRef,
  patchText: string,
): Promise<EvidenceRecord['locks']> {
  const paths = patch.files.filter(({ role }) => role === 'lockfile').map(({ path }) => path)
  if (paths.length === 0) return []
  const before = `${patch.baseCommit}^{tree}`
  const after = await repository.apply(before, patchText)
  return Promise.all(
    paths.map(async (path) => {
      const [was, is] = await Promise.all([repository.read(before, path), repository.read(after, path)])
      return {
        path,
        ...(was === undefined ? {} : { before: sha256(was) }),
        ...(is === undefined ? {} : { after: sha256(is) }),
      }
    }),
  )
}
