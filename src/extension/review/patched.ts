import { applyPatch } from 'diff'
import type { PatchFile } from '../../contract/patch.ts'
import { patchSections } from '../../contract/patchText.ts'

/** A file as the patch leaves it, made in memory; a sentence in its place where that cannot be shown. */
export function patchedText(
  before: string | undefined,
  file: PatchFile,
  patch: string,
  files: readonly PatchFile[],
): string {
  if (file.status === 'deleted') return ''
  if (file.binary) return 'This file is binary: its change cannot be read.\n'
  if (before === undefined && file.status !== 'added')
    return 'The file before the change cannot be read any more.\n'
  const sections = patchSections(patch)
  const section = sections.length === files.length ? sections[files.indexOf(file)] : undefined
  const hunks = section === undefined ? 0 : section.indexOf('\n@@ ') + 1
  if (section === undefined) return 'The patch cannot be read.\n'
  if (hunks === 0) return before ?? ''
  const made = applyPatch(before ?? '', `--- a\n+++ b\n${section.slice(hunks)}`)
  return made === false ? 'The patch does not fit the file.\n' : made
}
