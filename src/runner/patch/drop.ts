import { failures } from '../../contract/failures.ts'
import type { Patch } from '../../contract/patch.ts'
import { defaultPatchLimits, type PatchLimits, readPatch } from './read.ts'
import { type Hunk, readSections, type Section } from './sections.ts'

/** What a reviewer leaves out: one hunk of a file (0-based), or the whole file where `hunk` is undefined. */
export interface Dropped {
  readonly path: string
  readonly hunk?: number | undefined
}

/**
 * The patch without what was dropped. Added, deleted and binary files go whole; a file all of whose hunks
 * are dropped goes too, its mode change included. Throws `patch-refused` where there is no such hunk.
 */
export function dropHunks(
  patch: Patch,
  dropped: readonly Dropped[],
  limits: PatchLimits = defaultPatchLimits,
): Patch {
  const sections = readSections(patch.text)
  for (const { path, hunk } of dropped) {
    const section = sections.find((other) => other.path === path)
    if (section === undefined || (hunk !== undefined && section.hunks[hunk] === undefined)) {
      const what = section === undefined ? 'file' : `part ${(hunk ?? 0) + 1} of`
      throw failures.noSuchPart(`${what} ${JSON.stringify(path)}`)
    }
  }
  const text = sections.map((section) => write(section, choicesFor(section, dropped))).join('')
  return readPatch(text, patch.baseCommit, limits)
}

/** Indices of the hunks that stay; undefined where the file goes. */
function choicesFor(section: Section, dropped: readonly Dropped[]): readonly number[] | undefined {
  const mine = dropped.filter(({ path }) => path === section.path)
  if (mine.some(({ hunk }) => hunk === undefined)) return undefined
  const gone = new Set(mine.map(({ hunk }) => hunk))
  const kept = section.hunks.map((_, at) => at).filter((at) => !gone.has(at))
  return gone.size > 0 && kept.length === 0 ? undefined : kept
}

function write(section: Section, kept: readonly number[] | undefined): string {
  if (kept === undefined) return ''
  const lines = [...section.header, ...(section.binary ?? [])]
  let shift = 0
  for (const [at, hunk] of section.hunks.entries()) {
    if (kept.includes(at)) lines.push(...hunkLines(hunk, shift))
    else shift += hunk.oldLines - hunk.newLines
  }
  return lines.map((line) => `${line}\n`).join('')
}

/** A hunk whose new side begins `shift` lines later, because of hunks left out before it. */
function hunkLines(hunk: Hunk, shift: number): readonly string[] {
  const { oldStart, oldLines, newStart, newLines, heading, lines } = hunk
  return [`@@ -${range(oldStart, oldLines)} +${range(newStart + shift, newLines)} @@${heading}`, ...lines]
}

/** As git writes it: one line needs no count. */
function range(start: number, lines: number): string {
  return lines === 1 ? `${start}` : `${start},${lines}`
}
