import type { Report } from '../../contract/report.ts'
import { narrow, type Settings } from '../../contract/settings.ts'
import type { Task } from '../../contract/task.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { WhyItBroke } from '../../contract/why.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { besidesOf } from '../ecosystems/folder/besides.ts'
import { locate, noProject, type Pointer } from '../ecosystems/folder/locate.ts'
import type { Project, Tree } from '../ecosystems/project.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { Snapshot } from '../git/repository.ts'
import { packageRepository } from '../package/package.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { Run } from '../run.ts'
import { inStage } from './inStage.ts'

/** The packaged repository and what its ecosystem makes of it. */
export interface Packaged {
  readonly snapshot: Snapshot
  readonly view: Tree
  readonly ecosystem: Ecosystem
  readonly project: Project
  /** The manifest that the task is about; undefined: any that declares the package. */
  readonly manifest?: string
  /** The user's settings, narrowed by the repository's own. */
  readonly settings: Settings
  /** Workspaces that were prepared again with packages found missing, by the key of the first. */
  readonly refilled: Map<string, Prepared>
  /** When the base commit was made, UTC. */
  readonly committed: string
  /** What is known of the base's own runs, as it comes to be known. */
  readonly known: BaseRuns
  /** Projects of other ecosystems in the same place: what a change does to them is measured as well. */
  readonly besides: readonly Packaged[]
  /** Where it is on other tools than the repository would lead to: what a person must know of that. */
  readonly notices: readonly Warning[]
}

/** What is known of the repository as it is: workspace, first run, its second one, what they come to, what was told. */
export interface BaseRuns {
  prepared?: Prepared
  report?: Report
  result?: Report
  again?: Promise<Report>
  /** Of a project beside another one, which stand in that one's report: why it cannot be measured, its tests' clock. */
  unmeasured?: string
  clock?: string
  /** Files of the tests that its own checks named. */
  readonly files: Set<string>
  /** The packages in other versions that the log was last told of. */
  moves?: WhyItBroke['packages']
}

/** The first stage: a snapshot of the base, and which ecosystem takes it. */
export async function packageBase(run: Run): Promise<Packaged> {
  const { repository: where, settings } = run.task
  const snapshot = await inStage(
    run,
    { stage: 'package' },
    () =>
      packageRepository(
        {
          root: where.root,
          commit: where.baseCommit,
          includeUncommitted: where.includeUncommitted,
          keepSecretFiles: settings.keepSecretFiles,
        },
        { repository: run.repository, emit: run.log.emit, env: run.env },
      ),
    ({ entries }) => ({ detail: `${entries.length} files` }),
  )
  const view = await treeView(run.repository, snapshot.tree)
  for (const ecosystem of run.ecosystems) {
    if (run.task.kind === 'dependency-update' && run.task.ecosystem !== ecosystem.id) continue
    const located = await locate(ecosystem, view, pointerOf(run.task))
    if (located === undefined) continue
    const committed = await run.repository.committed(where.baseCommit)
    const beside = await besidesOf(run.ecosystems, view, located)
    const common = { snapshot, view, committed, settings: narrow(settings, located.project.config) }
    return {
      ...{ ...common, ...located, refilled: new Map<string, Prepared>(), known: { files: new Set() } },
      besides: beside.found.map((one) => ({
        ...{ ...common, ...one, refilled: new Map<string, Prepared>(), known: { files: new Set() } },
        ...{ besides: [], notices: [] },
      })),
      notices: beside.unread,
    }
  }
  const asked = run.task.kind === 'dependency-update' ? run.task.ecosystem : undefined
  throw noProject(where.root, view, asked)
}

function pointerOf(task: Task): Pointer {
  const { folder } = task.repository
  const manifest = task.kind === 'dependency-update' ? task.manifest : undefined
  return { ...(folder === undefined ? {} : { folder }), ...(manifest === undefined ? {} : { manifest }) }
}
