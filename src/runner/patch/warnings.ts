import picomatch from 'picomatch'
import type { Patch, PathRole } from '../../contract/patch.ts'
import type { Warning } from '../../contract/verdict.ts'
import { readSections, type Section } from './sections.ts'

const protectedRoles: Partial<Record<PathRole, string>> = {
  ci: 'what continuous integration runs, or who must review',
  'agent-instructions': 'instructions to coding agents',
  config: 'configuration of tests, linters or tools',
  manifest: 'a manifest, changed beyond the request',
  lockfile: 'a lock file that the request did not name',
}

/**
 * A warning for each changed path that a person must look at. `allowed` are the paths that the request
 * itself changes (manifests, lock file); `protectedPaths` are the repository's own globs.
 */
export function protectedPathWarnings(
  patch: Patch,
  allowed: readonly string[],
  protectedPaths: readonly string[] = [],
): readonly Warning[] {
  const own = protectedPaths.length > 0 ? picomatch([...protectedPaths], { dot: true }) : () => false
  return patch.files.flatMap(({ path, role }): readonly Warning[] => {
    const what = own(path) ? 'a path that .drydock.json protects' : protectedRoles[role]
    if (what === undefined || allowed.includes(path)) return []
    return [{ code: `protected-path:${path}`, message: `${path} is ${what}.`, path, severity: 'acknowledge' }]
  })
}

const bidirectional = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/
const invisible =
  /[\u00ad\u115f\u1160\u180e\u200b\u2060-\u2064\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const control = /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\u2028\u2029]/
/** Joiners and variation selectors belong between letters of some scripts and in emoji, not beside Latin ones. */
const joined = /[\w$](?:[\u200c\u200d]|(?<![\d])[\ufe00-\ufe0f])|[\u200c\u200d][\w$]/
/** One word in letters of two scripts that look the same. */
const twoScripts = /\p{Script=Latin}[\w$]*\p{Script=Cyrillic}|\p{Script=Cyrillic}[\w$]*\p{Script=Latin}/u

/** Added lines that show otherwise than they read. */
export function hiddenTextWarnings(patch: Patch): readonly Warning[] {
  return readSections(patch.text).flatMap(({ path, hunks }): readonly Warning[] => {
    const added = hunks.flatMap((hunk) => hunk.lines.filter((line) => line.startsWith('+')))
    const kinds = [
      ...(added.some((line) => bidirectional.test(line)) ? ['bidirectional controls'] : []),
      ...(added.some((line) => invisible.test(line) || joined.test(line)) ? ['invisible characters'] : []),
      ...(added.some((line) => control.test(line)) ? ['control characters'] : []),
      ...(added.some((line) => twoScripts.test(line)) ? ['words in letters of two scripts'] : []),
    ]
    if (kinds.length === 0) return []
    const message = `${path} gains ${kinds.join(' and ')}: it does not read as it shows.`
    return [{ code: `hidden-text:${path}`, message, path, severity: 'acknowledge' }]
  })
}

/** Modes that make a file executable, and binary content beyond `allowed`, which no diff shows. */
export function opaqueChangeWarnings(patch: Patch, allowed: readonly string[] = []): readonly Warning[] {
  return readSections(patch.text).flatMap((section): readonly Warning[] => {
    const { path } = section
    return [
      ...(becomesExecutable(section) ? [notice('executable', path, `${path} becomes executable.`)] : []),
      ...(section.binary !== undefined && section.status !== 'deleted' && !allowed.includes(path)
        ? [notice('binary', path, `${path} is binary: its change cannot be read.`)]
        : []),
    ]
  })
}

function becomesExecutable(section: Section): boolean {
  return section.newMode === '100755' && section.oldMode !== '100755'
}

function notice(kind: string, path: string, message: string): Warning {
  return { code: `${kind}:${path}`, message, path, severity: 'acknowledge' }
}

/** All warnings that the patch's own bytes give rise to. */
export function patchWarnings(
  patch: Patch,
  allowed: readonly string[],
  protectedPaths: readonly string[] = [],
): readonly Warning[] {
  return [
    ...protectedPathWarnings(patch, allowed, protectedPaths),
    ...hiddenTextWarnings(patch),
    ...opaqueChangeWarnings(patch, allowed),
  ]
}
