import { DrydockError } from '../../contract/failure.ts'
import { reachFolder } from '../../contract/reachFolder.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Tree } from '../ecosystems/project.ts'
import type { Reached, ReachedFile } from '../ecosystems/reach.ts'
import { treeView } from '../ecosystems/treeView.ts'
import { isBrought, isSource, isTest, languageOfFile } from '../languages/index.ts'
import { roleOf } from '../patch/roles.ts'
import { type Hunk, readSections } from '../patch/sections.ts'
import { usesOfGone } from '../repair/callSites.ts'
import { termsOf } from '../repair/sites/terms.ts'
import type { Progress } from '../stage.ts'
import type { Probe } from '../verify/probe.ts'
import {
  asFiles,
  goneWarnings,
  type ReachLine,
  reachLineText,
  repairWarnings,
  type Seen,
  type SortedLines,
  sorted,
} from '../verify/reach.ts'
import { verify } from '../verify/verify.ts'
import type { Candidate } from './candidate.ts'
import { inStage } from './inStage.ts'
import { makeVerifyContext, makeVerifyRequest } from './measure.ts'
import { readReleaseOfChange } from './movedPackage.ts'
import type { Work } from './start.ts'

/** Longest checks that are run once more for this question. */
const longestMs = 10 * 60_000
const mostLines = 200

/**
 * What green checks leave open: lines that use what the new version has no longer, and lines of a repair, that no check
 * ran. Where there is such a line the checks are run once more to see that; it decides nothing.
 */
export async function findNotRun(work: Work, candidate: Candidate): Promise<readonly Warning[]> {
  const { run, base } = work
  const { task } = run
  const { matrix, tree } = candidate
  if (base.ecosystem.reach === undefined || task.kind !== 'dependency-update') return []
  if (!matrix.green || !matrix.verified) return []
  const view = await treeView(run.repository, tree)
  const gone = await findUsesOfGone(work, task, candidate, view)
  // That nothing runs at all is said already.
  const repaired = matrix.proof === 'tests' ? await repairedLines(work, candidate) : []
  const lines = [...gone.lines, ...repaired]
  if (lines.length === 0) return []
  const found = await runForReach(work, candidate, view, lines)
  const of = (own: readonly ReachLine[]): SortedLines => ({
    unreached: found.unreached.filter((line) => own.includes(line)),
    unknown: found.unknown.filter((line) => own.includes(line)),
  })
  return [
    ...goneWarnings({ package: task.package, to: gone.to }, of(gone.lines)),
    ...repairWarnings(of(repaired)),
  ]
}

/** Lines that use what the new version has no longer; what a compiler read that knows types needs no look. */
async function findUsesOfGone(
  work: Work,
  { package: name }: DependencyUpdate,
  candidate: Candidate,
  view: Tree,
): Promise<{ readonly lines: readonly ReachLine[]; readonly to: string }> {
  const { to = '', release } = await readReleaseOfChange(work, name, candidate)
  if (release === undefined) return { lines: [], to }
  const { namespaces = [] } = release
  const sites = await usesOfGone(view, {
    package: name,
    namespaces,
    terms: termsOf(name, release, undefined),
  })
  const isCompiled = candidate.report.steps.some(
    (step) => step.name === 'build' && step.exitCode === 0 && step.syntaxOnly !== true,
  )
  const open = sites.filter(({ path }) => !isCompiled || languageOfFile(path)?.typed?.test(path) !== true)
  return { to, lines: open.map(({ path, line, uses = [] }) => ({ path, line, words: uses })) }
}

/** Lines of source code that a change wrote beyond the update. */
async function repairedLines({ run, base, start }: Work, { tree }: Candidate): Promise<readonly ReachLine[]> {
  if (tree === start.tree) return []
  const { text } = await run.repository.diff(run.task.repository.baseCommit, start.tree, tree)
  const testPaths = base.project.config.testPaths ?? []
  return readSections(text)
    .filter(({ path }) => isSource(path) && !isBrought(path) && !isTest(path))
    .filter(({ path }) => roleOf(path, testPaths) === 'source')
    .flatMap(({ path, hunks }) => hunks.flatMap(addedLines).map((line) => ({ path, line })))
    .slice(0, mostLines)
}

/** 1-based, without those that hold no code. */
function addedLines({ newStart, lines }: Hunk): readonly number[] {
  const added: number[] = []
  let at = newStart
  for (const line of lines) {
    if (/^\+\s*(?!\/[/*]|\*)\S*\w/.test(line)) added.push(at)
    if (!/^[-\\]/.test(line)) at += 1
  }
  return added
}

function runForReach(
  work: Work,
  candidate: Candidate,
  view: Tree,
  lines: readonly ReachLine[],
): Promise<SortedLines> {
  const { run } = work
  return inStage(
    run,
    { stage: 'verify', role: 'reach' },
    async (progress) => {
      const files = await asFiles(lines, async (path) => (await view.read(path))?.toString('utf8'))
      const seen = await checkOnce(work, candidate, files, progress)
      return sorted(lines, files, { ...seen, known: new Set(view.paths), isTest })
    },
    (found) => ({ detail: reachLineText(lines.length, found) }),
  )
}

/** The checks once more, with an eye on what they run; nothing where that cannot be had. */
async function checkOnce(
  { run, base, start }: Work,
  { tree, report, prepared }: Candidate,
  files: readonly ReachedFile[],
  progress: Progress,
): Promise<Pick<Seen, 'report' | 'reached'>> {
  const { reach } = base.ecosystem
  const milliseconds = report.steps.reduce((sum, { durationMs }) => sum + durationMs, 0)
  if (reach === undefined || milliseconds > longestMs) return { report, reached: undefined }
  let reached: Reached | undefined
  const probe: Probe = {
    env: reach.env(reachFolder),
    argv: reach.argv(reachFolder, files),
    told: (output) => {
      reached = reach.read(output)
    },
  }
  const scripts = tree === start.tree ? {} : { scripts: 'patched' as const }
  const refilled = base.refilled.get(prepared.key) ?? prepared
  const wish = { role: report.role, prepared: refilled, tree, ...scripts }
  try {
    const again = await verify(makeVerifyContext(run, base, progress), {
      ...makeVerifyRequest(base, wish),
      probe,
    })
    return { report: again, reached }
  } catch (error) {
    if (run.signal.aborted || !(error instanceof DrydockError)) throw error
    return { report, reached: undefined }
  }
}
