import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { z } from 'zod'
import { at, because, openParent, ownNames, realNames } from './beneath.ts'
import { denyUnportable, flagOf, segments } from './paths.ts'
import { Denied, NotPossible, type Tool, type ToolContext, type ToolResult } from './tool.ts'

const Input = z.strictObject({
  path: z.string(),
  old: z.string().optional(),
  new: z.string().optional(),
  create: z.boolean().optional(),
  replaceAll: z.boolean().optional(),
  delete: z.boolean().optional(),
  moveTo: z.string().optional(),
})

/** A replacement, or a new file. */
interface Text {
  readonly path: string
  readonly old: string
  readonly new: string
  readonly replaceAll: boolean
}

const maxFileBytes = 4 * 1024 * 1024

function readText(folderFd: number, name: string): { text: string; mode: number } {
  let fd: number
  try {
    fd = openSync(at(folderFd, name), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch {
    throw new Denied(`${name}: cannot be opened as a file`)
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw new Denied(`${name}: not a regular file`)
    if (stat.size > maxFileBytes) throw new Denied(`${name}: larger than ${maxFileBytes} bytes`)
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
    const text = decoder.decode(readFileSync(fd))
    if (text.includes('\0')) throw new Denied(`${name}: a binary file`)
    return { text, mode: stat.mode & 0o777 }
  } catch (error) {
    if (error instanceof TypeError) throw new Denied(`${name}: not text in UTF-8`)
    throw error
  } finally {
    closeSync(fd)
  }
}

/** Writes beside the file and renames over it: a reader sees the old text or the new, a link is replaced, not followed. */
function replaceFile(folderFd: number, name: string, text: string, mode: number): void {
  const temporary = at(folderFd, `.drydock-${randomBytes(6).toString('hex')}`)
  const fd = openSync(
    temporary,
    constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
    0o600,
  )
  try {
    try {
      writeFileSync(fd, text)
      fchmodSync(fd, mode)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, at(folderFd, name))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** In a file with CRLF line ends, text written with plain ones means CRLF. */
function asIn(text: string, lineEnd: string): string {
  return lineEnd === '\r\n' ? text.replaceAll(/\r?\n/g, '\r\n') : text
}

function occurrences(text: string, part: string): number {
  return text.split(part).length - 1
}

function replaced(text: string, input: Text): { text: string; count: number } {
  if (input.old === '') {
    if (text === '') return { text: input.new, count: 1 }
    throw new NotPossible('`old` is empty: name the text to replace, or set create for a new file')
  }
  const lineEnd = occurrences(text, '\r\n') * 2 > occurrences(text, '\n') ? '\r\n' : '\n'
  const old = occurrences(text, input.old) > 0 ? input.old : asIn(input.old, lineEnd)
  const count = occurrences(text, old)
  if (count === 0)
    throw new NotPossible('`old` does not occur in the file: read it again and copy the text exactly')
  if (count > 1 && !input.replaceAll) {
    throw new NotPossible(`\`old\` occurs ${count} times: give more of its surroundings, or set replaceAll`)
  }
  return { text: text.split(old).join(asIn(input.new, lineEnd)), count }
}

function edit(root: string, input: Text): ToolResult {
  if (input.old === input.new) throw new NotPossible('`old` and `new` are the same')
  const names = realNames(root, input.path)
  const { fd, name } = openParent(root, names, false)
  try {
    const before = readText(fd, name)
    const after = replaced(before.text, input)
    if (Buffer.byteLength(after.text) > maxFileBytes) throw new Denied('the file would become too large')
    replaceFile(fd, name, after.text, before.mode)
    return flagged(
      [names],
      `${names.join('/')}: replaced ${after.count === 1 ? 'once' : `${after.count} times`}`,
    )
  } catch (error) {
    if (error instanceof Denied) throw error
    return because(error, input.path)
  } finally {
    closeSync(fd)
  }
}

function create(root: string, input: Text): ToolResult {
  if (input.old !== '') throw new NotPossible('with create, `old` is empty')
  if (Buffer.byteLength(input.new) > maxFileBytes) throw new Denied('the file would be too large')
  const names = segments(input.path, root)
  denyUnportable(names)
  const { fd, name } = openParent(root, names, true)
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW
    const file = openSync(at(fd, name), flags, 0o644)
    try {
      writeFileSync(file, input.new)
    } finally {
      closeSync(file)
    }
    return flagged([names], `${names.join('/')}: created`)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      throw new NotPossible(`${input.path}: exists already; edit it without create`)
    }
    return because(error, input.path)
  } finally {
    closeSync(fd)
  }
}

/** Deletes or moves a name that is a regular file's; a link is neither followed nor touched. */
function denyOthers(folderFd: number, name: string, path: string): void {
  const stat = lstatSync(at(folderFd, name))
  if (stat.isDirectory()) throw new NotPossible(`${path}: a folder; name its files`)
  if (!stat.isFile()) throw new Denied(`${path}: not a regular file`)
}

function remove(root: string, path: string): ToolResult {
  const names = ownNames(root, path)
  const { fd, name } = openParent(root, names, false)
  try {
    denyOthers(fd, name, path)
    unlinkSync(at(fd, name))
    return flagged([names], `${names.join('/')}: deleted`)
  } catch (error) {
    if (error instanceof Denied) throw error
    return because(error, path)
  } finally {
    closeSync(fd)
  }
}

function move(root: string, path: string, moveTo: string): ToolResult {
  const names = ownNames(root, path)
  const target = segments(moveTo, root)
  denyUnportable(target)
  const from = openParent(root, names, false)
  try {
    denyOthers(from.fd, from.name, path)
    const to = openParent(root, target, true)
    try {
      linkOver(at(from.fd, from.name), at(to.fd, to.name), moveTo)
      unlinkSync(at(from.fd, from.name))
    } finally {
      closeSync(to.fd)
    }
    return flagged([names, target], `${names.join('/')}: moved to ${target.join('/')}`)
  } catch (error) {
    if (error instanceof Denied) throw error
    return because(error, path)
  } finally {
    closeSync(from.fd)
  }
}

/** A second name for a file; unlike a rename it never takes another file's place. */
function linkOver(from: string, to: string, path: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    throw new NotPossible(`${path}: exists already; delete it first or name another`)
  }
  if (lstatSync(to).isFile()) return
  unlinkSync(to)
  throw new Denied('not a regular file any more')
}

function flagged(paths: readonly (readonly string[])[], text: string): ToolResult {
  const flags = paths.map(flagOf).filter((flag) => flag !== undefined)
  return flags.length === 0 ? { text } : { text, flags }
}

function carriedOut(root: string, input: z.infer<typeof Input>): ToolResult {
  const { path, moveTo, old, new: text, create: makes, replaceAll = false } = input
  const wishes = [makes === true, input.delete === true, moveTo !== undefined].filter(Boolean).length
  if (wishes > 1) throw new NotPossible('one of create, delete and moveTo at a time')
  if (input.delete === true || moveTo !== undefined) {
    if ((old ?? '') !== '' || (text ?? '') !== '')
      throw new NotPossible('a change of text is a call of its own')
    return moveTo === undefined ? remove(root, path) : move(root, path, moveTo)
  }
  if (text === undefined) throw new NotPossible('`new` is missing')
  if (makes === true) return create(root, { path, old: old ?? '', new: text, replaceAll })
  if (old === undefined) throw new NotPossible('`old` is missing')
  return edit(root, { path, old, new: text, replaceAll })
}

export function createEdit(context: ToolContext): Tool {
  return {
    name: 'Edit',
    async run(raw) {
      return carriedOut(context.workspace, Input.parse(raw))
    },
  }
}
