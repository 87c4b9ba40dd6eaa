import type { Patch, PathRole } from '../../contract/patch.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { BareRepository } from '../git/repository.ts'

/** A changed file with its text on both sides; undefined where there is none or it is not text. */
export interface Change {
  readonly path: string
  readonly role: PathRole
  readonly before: string | undefined
  readonly after: string | undefined
  /** Too long to be read; what it says is not known. */
  readonly tooLong?: boolean
}

/** What integrity is judged by. */
export interface Evidence {
  readonly changes: readonly Change[]
  /** Manifests and configuration of the base, by path: they say which files the checks start from. */
  readonly kit: ReadonlyMap<string, string>
  /** The package that the change is about, where it is about one. */
  readonly updated?: string
}

const maxTextBytes = 512 * 1024
const maxKitBytes = 256 * 1024
const maxKitFiles = 200

function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined || bytes.length > maxTextBytes || bytes.includes(0)) return undefined
  // Patterns must not be made slow by long runs of blanks.
  return bytes
    .toString('utf8')
    .replace(/[^\S\n]{40,}/g, ' ')
    .replace(/\n{40,}/g, '\n\n')
}

function tooLong(bytes: Buffer | undefined): boolean {
  return bytes !== undefined && bytes.length > maxTextBytes && !bytes.includes(0)
}

/** Reads both sides of a patch and the base's kit; `roleOf` is the patch reader's. */
export async function loadEvidence(
  repository: BareRepository,
  trees: { readonly base: string; readonly patched: string },
  patch: Patch,
  roleOf: (path: string) => PathRole,
): Promise<Evidence> {
  const changes = await Promise.all(
    patch.files.map(async ({ path, role, status }): Promise<Change> => {
      const before = status === 'added' ? undefined : await repository.read(trees.base, path)
      const after = status === 'deleted' ? undefined : await repository.read(trees.patched, path)
      const sides = { before: textOf(before), after: textOf(after) }
      return { path, role, ...sides, tooLong: tooLong(before) || tooLong(after) }
    }),
  )
  const entries = (await repository.entries(trees.base))
    .filter(({ path, size }) => size <= maxKitBytes && ['config', 'manifest'].includes(roleOf(path)))
    .slice(0, maxKitFiles)
  const kit = new Map<string, string>()
  for (const { path } of entries) {
    const text = textOf(await repository.read(trees.base, path))
    if (text !== undefined) kit.set(path, text)
  }
  return { changes, kit }
}

export function acknowledge(code: string, path: string, message: string): Warning {
  return { code, message, path, severity: 'acknowledge' }
}

export function count(text: string | undefined, pattern: RegExp): number {
  return text === undefined ? 0 : [...text.matchAll(pattern)].length
}

/** How much more often the pattern occurs after the change. */
export function rise({ before, after }: Change, pattern: RegExp): number {
  return count(after, pattern) - count(before, pattern)
}

/** The text without comments of the C family: what is commented out does not run. Strings are not looked into. */
export function withoutComments(text: string): string {
  let rest = ''
  let from = 0
  for (let at = text.indexOf('/*'); at >= 0; at = text.indexOf('/*', from)) {
    const end = text.indexOf('*/', at + 2)
    // An asterisk in a glob, such as `src/**/*.ts`, opens no comment.
    const glob = end < 0 || /[\w'"`*]/.test(text[at - 1] ?? ' ')
    rest += text.slice(from, glob ? at + 2 : at)
    from = glob ? at + 2 : end + 2
  }
  return (rest + text.slice(from)).replace(/(^|[^:'"`\\])\/\/[^\n]*/g, '$1')
}

/** The change with comments gone on both sides. */
export function code(change: Change): Change {
  const bare = (text: string | undefined) => text && withoutComments(text)
  return { ...change, before: bare(change.before), after: bare(change.after) }
}

/** File name without folders and without any extension: `render` of `test/render.test.ts.snap`. */
export function stem(path: string): string {
  return (path.split('/').at(-1) ?? path).replace(/(.)\..*$/, '$1').toLowerCase()
}

/** Lines that only one side has. */
export function changedLines({ before, after }: Change): readonly string[] {
  const lines = (text: string | undefined) => (text ?? '').split('\n').map((line) => line.trim())
  const [old, now] = [lines(before), lines(after)]
  const [oldSet, nowSet] = [new Set(old), new Set(now)]
  return [...old.filter((line) => !nowSet.has(line)), ...now.filter((line) => !oldSet.has(line))]
}

/** `2 skip, 1 only`. */
export function tally(rises: readonly (readonly [string, number])[]): string {
  return rises.map(([name, number]) => `${number} ${name}`).join(', ')
}
