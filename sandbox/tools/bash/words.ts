import { neutralise } from '../../../src/contract/text.ts'
import { Denied } from '../tool.ts'

const maxCharacters = 8192
const noShell =
  'there is no shell: one command, no pipes, redirections, variables or substitutions; quote patterns'

// What a shell would act on outside quotes. Wildcards, braces and ~ are left as text: nothing expands them here.
const operators = /[|&;<>()`\\]/
const substitution = /^[A-Za-z0-9_({?!@*#$'"-]/

interface Scan {
  readonly text: string
  position: number
  word: string | undefined
}

function singleQuoted(scan: Scan): void {
  const end = scan.text.indexOf("'", scan.position + 1)
  if (end === -1) throw new Denied("a ' is not closed")
  scan.word = (scan.word ?? '') + scan.text.slice(scan.position + 1, end)
  scan.position = end + 1
}

function doubleQuoted(scan: Scan): void {
  scan.word ??= ''
  scan.position += 1
  for (;;) {
    const character = scan.text[scan.position]
    const following = scan.text[scan.position + 1] ?? ''
    if (character === undefined) throw new Denied('a " is not closed')
    if (character === '"') break
    if (character === '`') throw new Denied(noShell)
    if (character === '$' && !/['"]/.test(following) && substitution.test(following))
      throw new Denied(noShell)
    const escaped = character === '\\' && /[$`"\\]/.test(following)
    scan.word += escaped ? following : character
    scan.position += escaped ? 2 : 1
  }
  scan.position += 1
}

function plain(scan: Scan, character: string): void {
  const following = scan.text[scan.position + 1]
  if (character === '\\' && following !== undefined) {
    scan.word = (scan.word ?? '') + following
    scan.position += 2
    return
  }
  if (operators.test(character) || (character === '$' && substitution.test(following ?? '')))
    throw new Denied(noShell)
  if (/[^\S ]/u.test(character)) throw new Denied('outside quotes, words are separated by plain spaces only')
  if (character === '#' && scan.word === undefined) throw new Denied(noShell)
  scan.word = (scan.word ?? '') + character
  scan.position += 1
}

/**
 * A command as the words a POSIX shell would hand to the program, for commands that need no shell. Throws `Denied` for
 * everything that would: operators, substitutions, control characters, an open quote.
 */
export function words(command: string): string[] {
  if (command.length > maxCharacters) throw new Denied(`a command has at most ${maxCharacters} characters`)
  if (neutralise(command) !== command || /[\r\n]/.test(command)) {
    throw new Denied('line breaks and control characters are not allowed in a command')
  }
  const found: string[] = []
  const scan: Scan = { text: command, position: 0, word: undefined }
  while (scan.position < command.length) {
    const character = command[scan.position] ?? ''
    if (character === ' ' || character === '\t') {
      if (scan.word !== undefined) found.push(scan.word)
      scan.word = undefined
      scan.position += 1
    } else if (character === "'") singleQuoted(scan)
    else if (character === '"') doubleQuoted(scan)
    else plain(scan, character)
  }
  if (scan.word !== undefined) found.push(scan.word)
  return found
}
