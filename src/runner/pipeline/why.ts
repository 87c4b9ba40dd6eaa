import { isDeepStrictEqual } from 'node:util'
import { isBreaking } from '../../contract/changelogRows.ts'
import type { Matrix, Report } from '../../contract/report.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import { neutralise } from '../../contract/text.ts'
import { type InterfaceChange, type UseSite, type WhyItBroke, whyRoom } from '../../contract/why.ts'
import { inWorkspace } from '../docker/using.ts'
import type { ApiChange, Release, ReleaseNote } from '../ecosystems/release/release.ts'
import { treeView } from '../ecosystems/treeView.ts'
import { withLocks } from '../install/locks.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { CallSite, CallSites } from '../repair/callSites.ts'
import { changeLine } from '../repair/context/apiText.ts'
import { renames } from '../repair/context/renames.ts'
import type { Run } from '../run.ts'
import type { Update } from '../update/update.ts'
import { explainBreaks } from './breaks.ts'
import { findPackageMoves } from './moves.ts'
import type { Packaged } from './packageBase.ts'
import { releaseOf } from './releaseOf.ts'
import type { RepairContext } from './repairContext.ts'
import type { Work } from './start.ts'

interface Broken {
  readonly report: Report
  readonly matrix: Matrix
}

type Place = Pick<Prepared, 'tree' | 'locks'>

/** A registry that says when a version was published says so within this. */
const datesTimeoutMs = 20_000

/** Tells the log what an update changed; what cannot be read is left out, and none of it ends a session. */
export async function tellUpdate(
  run: Run,
  base: Packaged,
  task: DependencyUpdate,
  {
    update,
    before,
    after,
  }: { readonly update: Update; readonly before?: Prepared; readonly after?: Prepared },
): Promise<void> {
  const wish = { package: task.package, from: update.plan.from, to: update.plan.to }
  const [packages, changelog, released] = await Promise.all([
    // What was not installed moved nothing that is known.
    before === undefined || after === undefined
      ? undefined
      : readable(run, () =>
          base.ecosystem.locked === undefined
            ? installedMoves(run, base, before, after)
            : lockedMoves(run, base, before, after),
        ),
    releaseOf(run, base, wish).then((release) => (release === undefined ? undefined : changelogOf(release))),
    readable(run, () => releasedOf(run, base, wish)),
  ])
  if (packages !== undefined) base.known.moves = packages
  tell(run, {
    ...(packages === undefined ? {} : { packages }),
    ...(changelog === undefined ? {} : { changelog }),
    ...(released === undefined ? {} : { released }),
  })
}

/** Tells the log what a change makes of the packages, where that is something else than was told last. */
export async function tellMoves({ run, base, start }: Work, after: Place): Promise<void> {
  const tree = start.baseTree ?? base.snapshot.tree
  const before = { tree, locks: start.baseLocks ?? [] }
  const packages = await readable(run, () => lockedMoves(run, base, before, after))
  if (packages === undefined || isDeepStrictEqual(packages, base.known.moves)) return
  base.known.moves = packages
  tell(run, { packages })
}

/** Tells the log what the update broke, and where the repository meets what it changed. */
export function tellBreaks(run: Run, { report, matrix }: Broken, context: RepairContext): void {
  const { release, callSites } = context
  const failures = explainBreaks(report, matrix)
  tell(run, {
    failures,
    ...(release === undefined && callSites.sites.length === 0
      ? {}
      : { interface: metOf(release, callSites) }),
  })
}

function tell(run: Run, why: WhyItBroke): void {
  if (Object.keys(why).length > 0) run.log.emit({ type: 'why.found', ...why })
}

/** Undefined where it fails: a person reads that it is not known, and the session goes on. */
async function readable<T>({ signal }: Run, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}

/** By what lock files say. */
async function lockedMoves(
  run: Run,
  { ecosystem, project }: Packaged,
  before: Place,
  after: Place,
): Promise<WhyItBroke['packages']> {
  const { locked } = ecosystem
  if (locked === undefined) return undefined
  const lists = [before, after].map(async ({ tree, locks }) => {
    const settled = withLocks(await treeView(run.repository, tree), project, locks)
    return await locked(settled.tree, settled.project)
  })
  const [old = [], now = []] = await Promise.all(lists)
  return await findPackageMoves(ecosystem, old, now, run.signal)
}

const listLimits = { timeoutMs: 60_000, maxOutputBytes: 4_000_000 } as const

/** By what prepared workspaces say, where no lock file does. */
async function installedMoves(
  { sandbox, signal }: Run,
  { ecosystem }: Packaged,
  before: Prepared,
  after: Prepared,
): Promise<WhyItBroke['packages']> {
  const { installed } = ecosystem
  if (installed === undefined) return undefined
  const lists = [before, after].map(({ image, workspace }) =>
    inWorkspace(sandbox, image, workspace, signal, async (container) => {
      const { output } = await container.exec(installed.argv, { ...listLimits, cwd: '/', signal })
      return installed.read(output.toString('utf8'))
    }),
  )
  const [old, now] = await Promise.all(lists)
  return old === undefined || now === undefined
    ? undefined
    : await findPackageMoves(ecosystem, old, now, signal)
}

async function releasedOf(
  { signal }: Run,
  { ecosystem, view }: Packaged,
  { package: name, from, to }: { readonly package: string; readonly from: string; readonly to: string },
): Promise<WhyItBroke['released']> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(datesTimeoutMs)])
  const times = await ecosystem.published?.(view, name, [from, to], limit)
  const [first, second] = [times?.get(from), times?.get(to)]
  if (first === undefined && second === undefined) return undefined
  return { ...(first === undefined ? {} : { from: first }), ...(second === undefined ? {} : { to: second }) }
}

/** The newest entries that there is room for, those that call themselves breaking before all others; the last may lack its end. */
export function changelogOf({ notes }: Release): NonNullable<WhyItBroke['changelog']> {
  type Entry = NonNullable<WhyItBroke['changelog']>['entries'][number]
  const kept = new Map<ReleaseNote, Entry>()
  let left: number = whyRoom.notes
  const first = notes.toSorted((a, b) => Number(isBreaking(b.text)) - Number(isBreaking(a.text)))
  for (const note of first.slice(0, whyRoom.entries)) {
    const { version, text } = note
    const whole = neutralise(text)
    if (left < Math.min(whole.length, 200)) break
    const room = whole.slice(0, left)
    left -= room.length
    kept.set(note, { version, text: room, ...(room.length < whole.length ? { cut: true as const } : {}) })
  }
  const entries = notes.flatMap((note) => kept.get(note) ?? [])
  return { entries, more: notes.length - entries.length }
}

/** Differences that lines of the repository meet, each with those lines. */
export function metOf(
  release: Release | undefined,
  { sites }: Pick<CallSites, 'sites'>,
): NonNullable<WhyItBroke['interface']> {
  const changes = (release?.changes ?? []).filter(({ of }) => of !== 'package')
  const known = release === undefined ? new Map<ApiChange, string>() : renames(release)
  const told = new Set<string>()
  const taken = new Set<CallSite>()
  const met = changes.flatMap((change): readonly InterfaceChange[] => {
    const own = sites.filter((site) => meets(site, change))
    const text = lineOf(change, known.get(change))
    // Of aliases of one thing the first is enough.
    const key = JSON.stringify([change.word, change.kind, change.before, change.after])
    if (own.length === 0 || change.kind === 'added' || told.has(key)) return []
    told.add(key)
    for (const site of own) taken.add(site)
    const list = own.slice(0, whyRoom.sites).map(useSite)
    return [
      {
        name: change.name,
        kind: change.kind,
        text: neutralise(text),
        sites: list,
        more: own.length - list.length,
      },
    ]
  })
  const others = sites.filter((site) => !taken.has(site)).slice(0, whyRoom.sites)
  const gone = changes.filter(({ kind }) => kind !== 'added').length
  return {
    whole: wholeOf(release),
    met: met.slice(0, whyRoom.changes),
    more: Math.max(0, met.length - whyRoom.changes),
    unmet: Math.max(0, gone - met.length),
    sites: others.map(useSite),
  }
}

/** Of the package as a whole, what its users are told first: what changed, then what it no longer brings. */
function wholeOf(release: Release | undefined): string[] {
  const order = { changed: 0, removed: 1, added: 2, deprecated: 3 } as const
  return (release?.changes ?? [])
    .filter(({ of }) => of === 'package')
    .toSorted((a, b) => order[a.kind] - order[b.kind])
    .slice(0, whyRoom.whole)
    .map((change) => neutralise(lineOf(change)))
}

function lineOf(change: ApiChange, now?: string): string {
  return changeLine(change, now).replace(/^- /, '').slice(0, whyRoom.text)
}

function meets({ uses = [], text }: CallSite, { word, name, of, lost = [] }: ApiChange): boolean {
  if (of === 'module') return text.includes(name)
  return uses.includes(word) || lost.some((one) => uses.includes(one))
}

function useSite({ path, line, text }: CallSite): UseSite {
  return { path, line, text: neutralise(text).slice(0, whyRoom.siteCharacters) }
}
