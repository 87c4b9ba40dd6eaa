import { createHash } from 'node:crypto'
import { diffArrays } from 'diff'
import type { PatchFile } from '../../contract/patch.ts'
import { type Hunk, readSections, type Section } from './sections.ts'

/** What patches of several repositories have in common, whatever they call their variables and files. */
export interface Shape {
  /** Names the shape: 12 hex digits. */
  readonly id: string
  /** Its edits, each once: what goes (`-…`) and what comes (`+…`); `‹›` is a name or value that stays, `…` more of it. */
  readonly lines: readonly string[]
}

/** Tokens of one change beyond which nobody would call two of them alike; then it is alike to itself alone. */
const maxTokens = 2_000

/** Strings as a whole, words, numbers, and every other character. */
const token = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|[\p{L}_$][\p{L}\p{N}_$]*|\d[\d.]*|\S/gu

/**
 * The shape of a patch: every change in the tokens that differ, and in what they touch. The names of variables do not
 * count where they stay; all that is added or removed counts, in whatever file. Of a manifest whole lines count, with the
 * versions that come and not those that go. Lock files follow from manifests, and are not looked at; what is no code counts
 * with its path. `subject`: what the patch is for; patches for something else are never alike.
 */
export function shapeOf(
  patch: { readonly text: string; readonly files: readonly PatchFile[] },
  subject: string,
): Shape {
  const roles = new Map(patch.files.map(({ path, role }) => [path, role]))
  const lines = readSections(patch.text).flatMap((section) => edits(section, roles.get(section.path)))
  const distinct = [...new Set(lines)].toSorted()
  const id = createHash('sha256')
    .update(JSON.stringify([subject, distinct]))
    .digest('hex')
    .slice(0, 12)
  return { id, lines: distinct }
}

function edits(section: Section, role: PatchFile['role'] | undefined): readonly string[] {
  if (role === 'lockfile') return []
  const { path, status, oldMode, newMode, binary, hunks } = section
  // Another file's configuration is another configuration.
  const kind = { source: '', test: 'test: ', manifest: 'manifest: ' }[role as string] ?? `${path}: `
  const mode = status === 'modified' && oldMode !== newMode ? [`${path}: mode ${newMode}`] : []
  const whole = status === 'modified' ? [] : [`${path}: ${status}`]
  const bytes = binary === undefined ? [] : [`${path}: binary ${digest(binary.join('\n'))}`]
  const changed = hunks
    .flatMap(blocks)
    .flatMap(([old, now]) => (role === 'manifest' ? manifestLines(old, now) : [edit(old, now)]))
  return [...mode, ...whole, ...bytes, ...changed.map((line) => `${kind}${line}`)]
}

/** Lines that go and lines that come, wherever nothing stands between them. */
function blocks({ lines }: Hunk): readonly (readonly [string, string])[] {
  const found: [string[], string[]][] = []
  let open: [string[], string[]] | undefined
  for (const line of lines) {
    const side = line.startsWith('-') ? 0 : line.startsWith('+') ? 1 : undefined
    if (side === undefined) {
      if (!line.startsWith('\\')) open = undefined
      continue
    }
    if (open === undefined) {
      open = [[], []]
      found.push(open)
    }
    open[side].push(line.slice(1))
  }
  return found.map(([old, now]) => [old.join('\n'), now.join('\n')] as const)
}

/** The version that goes is another one in each repository; the one that comes is what was asked for. */
function manifestLines(old: string, now: string): readonly string[] {
  const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '')
  return [
    ...lines(old).map((line) => `-${tokensOf(line).map(withoutVersion).join(' ')}`),
    ...lines(now).map((line) => `+${tokensOf(line).map(withoutRange).join(' ')}`),
  ].map((line) => line.replace(/ ,$/, ''))
}

const version = /^"?[\^~<>=v ]*(\d+(?:\.\d+)*[\w.+-]*)"?$/

function withoutVersion(token: string): string {
  return version.test(token) ? '<version>' : token
}

function withoutRange(token: string): string {
  return version.exec(token)?.[1] ?? token
}

function edit(old: string, now: string): string {
  const [before, after] = [tokensOf(old), tokensOf(now)]
  if (before.length + after.length > maxTokens) return `a long change ${digest(`${old}\0${now}`)}`
  const parts = diffArrays(before, after)
  // Blanks may mean something: whoever changes nothing else is alike to itself alone.
  if (!parts.some(({ added, removed }) => added || removed)) return `blanks ${digest(`${old}\0${now}`)}`
  return parts
    .map(({ added, removed, value }, at) => {
      if (added || removed) return `${added ? '+' : '-'}${value.join(' ')}`
      return stays(value, at === 0, at === parts.length - 1)
    })
    .filter((part) => part !== '')
    .join(' ')
}

/** What stays, as far as it touches an edit: the token beside it, a name or a value as `‹›`. */
function stays(tokens: readonly string[], isFirst: boolean, isLast: boolean): string {
  const shown = tokens.map((one) => (/^["\p{L}\p{N}_$]/u.test(one) ? '‹›' : one))
  if (isFirst) return shown.at(-1) ?? ''
  if (isLast) return shown[0] ?? ''
  return shown.length < 3 ? shown.join(' ') : `${shown[0]} … ${shown.at(-1)}`
}

/** Two ways to quote one string are one. */
function tokensOf(text: string): string[] {
  return (text.match(token) ?? []).map((one) => {
    const string = /^(['"])(.*)\1$/s.exec(one)
    return string === null ? one : `"${string[2] ?? ''}"`
  })
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

/** Patches of the same shape together, the largest group first; within one in the order given. */
export function alike<T extends { readonly shape: Shape }>(
  members: readonly T[],
): readonly { readonly shape: Shape; readonly members: readonly T[] }[] {
  const groups = new Map<string, T[]>()
  for (const one of members) groups.set(one.shape.id, [...(groups.get(one.shape.id) ?? []), one])
  return [...groups.values()]
    .flatMap((members) => (members[0] === undefined ? [] : [{ shape: members[0].shape, members }]))
    .toSorted((a, b) => b.members.length - a.members.length)
}
