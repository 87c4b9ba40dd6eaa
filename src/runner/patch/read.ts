import { createHash } from 'node:crypto'
import { failures } from '../../contract/failures.ts'
import type { Patch, PatchFile } from '../../contract/patch.ts'
import { foldPath, unportable } from '../../contract/paths.ts'
import { checkBinaryBlock } from './binary.ts'
import { roleOf } from './roles.ts'
import { readSections, type Section } from './sections.ts'

export interface PatchLimits {
  /** Largest text, and largest single binary file it makes, bytes. */
  readonly maxBytes: number
  readonly maxFiles: number
  /** Globs of files that are tests where Drydock's own rules do not see it. */
  readonly testPaths?: readonly string[]
}

export const defaultPatchLimits: PatchLimits = { maxBytes: 5 * 1024 * 1024, maxFiles: 300 }

/**
 * Reads a patch from its bytes and holds it to policy: regular files, portable paths, header names that
 * agree, no copies or renames, bounded. Throws `patch-refused`; nothing is cut or repaired.
 */
export function readPatch(text: string, baseCommit: string, limits: PatchLimits = defaultPatchLimits): Patch {
  const bytes = Buffer.byteLength(text)
  if (bytes > limits.maxBytes) {
    throw failures.patchRefused(`it has ${bytes} bytes, the limit is ${limits.maxBytes}`)
  }
  const sections = readSections(text)
  if (sections.length > limits.maxFiles) {
    throw failures.patchRefused(`it changes ${sections.length} files, the limit is ${limits.maxFiles}`)
  }
  checkPaths(sections)
  for (const section of sections) checkBinary(section, limits.maxBytes)
  const digest = createHash('sha256').update(text).digest('hex')
  return { baseCommit, digest, files: sections.map((section) => describe(section, limits)), text }
}

function checkPaths(sections: readonly Section[]): void {
  const seen = new Map<string, string>()
  for (const { path } of sections) {
    const why = unportable(path)
    if (why !== undefined)
      throw failures.patchRefused(`the path ${JSON.stringify(path.slice(0, 200))}: ${why}`)
    const other = seen.get(foldPath(path))
    if (other !== undefined) {
      throw failures.patchRefused(
        `${JSON.stringify(path)} and ${JSON.stringify(other)} are one file on some systems`,
      )
    }
    seen.set(foldPath(path), path)
  }
}

function checkBinary(section: Section, maxBytes: number): void {
  let start: string | undefined
  let block: string[] = []
  for (const line of section.binary?.slice(1) ?? []) {
    if (start === undefined) start = line
    else if (line !== '') block.push(line)
    else {
      checkBinaryBlock(start, block, maxBytes)
      start = undefined
      block = []
    }
  }
}

function describe(section: Section, limits: PatchLimits): PatchFile {
  const lines = section.hunks.flatMap((hunk) => hunk.lines)
  const mode = section.newMode ?? indexMode(section.header) ?? '100644'
  return {
    path: section.path,
    status: section.status,
    ...(section.status === 'deleted' ? {} : { mode }),
    binary: section.binary !== undefined,
    additions: lines.filter((line) => line.startsWith('+')).length,
    deletions: lines.filter((line) => line.startsWith('-')).length,
    role: roleOf(section.path, limits.testPaths),
  }
}

/** The unchanged mode, which git writes at the end of the index line. */
function indexMode(header: readonly string[]): '100644' | '100755' | undefined {
  return header.some((line) => /^index .* 100755$/.test(line)) ? '100755' : undefined
}
