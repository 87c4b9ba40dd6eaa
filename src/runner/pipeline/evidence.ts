import type { Report } from '../../contract/report.ts'
import type { DependencyUpdate } from '../../contract/task.ts'
import { bounded, neutralise } from '../../contract/text.ts'
import type { Tree } from '../ecosystems/project.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { Evidence } from '../judge/evidence.ts'
import { readSections } from '../patch/sections.ts'
import { changeLine } from '../repair/context/apiText.ts'
import { notesText } from '../repair/context/notesText.ts'
import { renames } from '../repair/context/renames.ts'
import { failureTexts } from '../repair/failureTexts.ts'
import type { Candidate } from './candidate.ts'
import { enclosingFunctions } from './enclosing.ts'
import { mentions, testLines } from './evidenceLines.ts'
import { readReleaseOfChange } from './movedPackage.ts'
import type { Work } from './start.ts'

const room = {
  failures: 3_000,
  release: 4_000,
  notes: 2_000,
  context: 6_000,
  tests: 40,
} as const

/** Everything that the judge is given beside the patch; what cannot be read is left out. */
export async function gatherEvidence(work: Work, candidate: Candidate): Promise<Evidence> {
  const { run, start } = work
  const { tree, patch, matrix, report } = candidate
  const view = await treeView(run.repository, tree)
  const changed = new Set(patch.files.map(({ path }) => path))
  const read = async (path: string) => (await view.read(path))?.toString('utf8')
  const ofPackage =
    run.task.kind === 'dependency-update' ? await packageEvidence(work, run.task, candidate, view) : {}
  const notRun = matrix.tests.filter(({ label }) => label === 'not run').map(({ id }) => id)
  return {
    failures: text(failuresOf(start.update), room.failures),
    changedTests: testLines({ base: start.base, update: start.update, repair: report }, changed),
    notRun: text(notRun.slice(0, room.tests).join('\n'), room.failures),
    context: text(await enclosingFunctions(patch.text, read), room.context),
    ...ofPackage,
  }
}

function text(value: string, max: number): string {
  return bounded(neutralise(value), max)
}

function failuresOf({ steps }: Report): string {
  const failed = steps.filter(({ exitCode }) => exitCode !== 0)
  const texts = failureTexts(failed)
  return failed.map(({ name, command }, at) => `${name}: ${command}\n${texts[at] ?? ''}`).join('\n\n')
}

async function packageEvidence(
  work: Work,
  { package: name }: DependencyUpdate,
  candidate: Candidate,
  view: Tree,
): Promise<Evidence> {
  const { places, to, release } = await readReleaseOfChange(work, name, candidate)
  const versions = places.map(({ manifest, version }) => `${manifest}: ${name} ${version ?? 'nothing'}`)
  return {
    versions: neutralise(versions.join('\n')),
    documents: await mentions(view, name),
    ...(release === undefined ? {} : { release: releaseText(release, to ?? '', candidate.patch.text) }),
  }
}

/** What of a release the changed lines of a patch meet: members by their word, and what the changelog says of them. */
function releaseText(release: Release, to: string, patch: string): string {
  const lines = readSections(patch).flatMap(({ hunks }) =>
    hunks.flatMap((hunk) => hunk.lines.filter((line) => /^[+-]/.test(line))),
  )
  const words = new Set(lines.flatMap((line) => line.match(/[A-Za-z_$][\w$]*/g) ?? []))
  const known = renames(release)
  const met = release.changes.filter(({ of, word, name }) => {
    return of === 'package' || (of === 'module' ? lines.some((line) => line.includes(name)) : words.has(word))
  })
  const rank = ({ of, kind }: (typeof met)[number]) => (of === 'package' ? 2 : kind === 'added' ? 1 : 0)
  const api = met.toSorted((a, b) => rank(a) - rank(b)).map((change) => changeLine(change, known.get(change)))
  const noted = met.filter(({ of }) => of !== 'package').map(({ word }) => word)
  const notes = notesText(release.notes, to, room.notes, noted)
  return [text(api.join('\n'), room.release), text(notes, room.notes)]
    .filter((part) => part !== '')
    .join('\n\n')
}
