import { structuredPatch } from 'diff'
import { lockfileNames } from '../../contract/ecosystems/index.ts'
import { readSections } from './sections.ts'

/** How the two patches treat one file. */
export interface FileDifference {
  readonly path: string
  readonly how: 'same' | 'only before' | 'only after' | 'differs'
  /** Of the changed lines of both, a unified diff; empty where they are the same. */
  readonly text: string
}

/** What two patches of one base change differently; lock files follow from manifests and are left out. */
export function diffOfDiffs(before: string, after: string): readonly FileDifference[] {
  const [left, right] = [changedLines(before), changedLines(after)]
  const paths = [...new Set([...left.keys(), ...right.keys()])].toSorted()
  return paths.map((path) => {
    const [was, is] = [left.get(path), right.get(path)]
    if (was === is) return { path, how: 'same', text: '' }
    const how = was === undefined ? 'only after' : is === undefined ? 'only before' : 'differs'
    return { path, how, text: differing(was ?? '', is ?? '') }
  })
}

/** Where the lines stand differs with every change above them: what is changed counts. */
function changedLines(patch: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const { path, status, hunks } of readSections(patch)) {
    if (lockfileNames.some((name) => path === name || path.endsWith(`/${name}`))) continue
    const lines = hunks.flatMap((hunk) => hunk.lines.filter((line) => /^[-+]/.test(line)))
    files.set(path, `${[status, ...lines].join('\n')}\n`)
  }
  return files
}

/** The lines of a unified diff; where a hunk lies says nothing here. */
function differing(was: string, is: string): string {
  const { hunks } = structuredPatch('', '', was, is, '', '', { context: 2 })
  return hunks.map(({ lines }) => lines.join('\n')).join('\n…\n')
}
