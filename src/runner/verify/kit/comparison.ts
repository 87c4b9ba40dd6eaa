import { diffWordsWithSpace } from 'diff'
import type { Compared, TestResult } from '../../../contract/report.ts'
import type { Sides } from './units.ts'

/** How test kits write down what they compared, where they hand over no values. */
const forms = [
  // Jest: matchers of errors and mocks.
  /^[^\S\n]*Expected[^:\n]*: *(.*)\n(?:.*\n)?[^\S\n]*Received[^:\n]*: *(.*)/m,
  // JUnit 4 and 5, AssertJ before 3.20.
  /expected: ?(?:[\w.$]+@\w+)?<([\s\S]*?)> but was: ?(?:[\w.$]+@\w+)?<([\s\S]*?)>/i,
  // TestNG.
  /expected \[([\s\S]*?)\] but found \[([\s\S]*?)\]/,
  // AssertJ, Hamcrest.
  /expected: *(.+)\n\s*but(?: was)?: *(?:was )?(.+)/i,
]

function unquoted(text: string): string {
  const bare = text.trim()
  return /^(["'`])[\s\S]*\1$/.test(bare) ? bare.slice(1, -1) : bare
}

/** What an assertion of this failure compared: as its reporter says, else as its message does. */
export function comparedIn({ compared, message }: TestResult): Compared | undefined {
  if (compared === undefined || (compared.expected !== undefined && compared.actual !== undefined))
    return compared
  for (const form of forms) {
    const [, expected, actual] = form.exec(message ?? '') ?? []
    if (expected !== undefined && actual !== undefined)
      return { expected: unquoted(expected), actual: unquoted(actual) }
  }
  return compared
}

/** A text as its value reads: escapes of string literals resolved. */
function literal(text: string): string {
  return text
    .replace(/\\(["'`\\/])/g, '$1')
    .replace(/\\n/g, '\n')
    .replace(/\\t/g, '\t')
}

/** The text has these words, and not as a part of others. */
function holds(text: string, words: string): boolean {
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    const around = [text.slice(at - 1, at + 1), text.slice(at + words.length - 1, at + words.length + 1)]
    if (!around.some((pair) => /^[\p{L}\p{N}]{2}$/u.test(pair))) return true
  }
  return false
}

/** Lines that only the new side has. */
function addedLines({ before, after }: Sides): readonly string[] {
  const old = new Set(before.split('\n').map((line) => line.trim()))
  return after.split('\n').filter((line) => line.trim() !== '' && !old.has(line.trim()))
}

/** What the library gives now and did not before, in the pieces that a literal has to hold. */
function pieces(expected: string, actual: string): readonly string[] {
  return diffWordsWithSpace(expected, actual)
    .filter(({ added }) => added)
    .map(({ value }) => value.trim())
    .filter((value) => /[\p{L}\p{N}]/u.test(value))
}

/**
 * The lines of a changed test that expect what the library gives now, where they do: the value as a whole, or every
 * piece in which it differs from the one that was expected before.
 */
export function newExpectation(texts: readonly Sides[], { expected, actual }: Compared): string | undefined {
  if (expected === undefined || actual === undefined || expected === actual) return undefined
  const lines = texts.flatMap(addedLines)
  const whole = lines.filter((line) => actual !== '' && holds(literal(line), actual))
  if (whole[0] !== undefined) return whole[0].trim()
  const parts = pieces(expected, actual)
  const all = literal(lines.join('\n'))
  if (parts.length === 0 || !parts.every((part) => holds(all, part))) return undefined
  return lines
    .filter((line) => parts.some((part) => holds(literal(line), part)))
    .map((line) => line.trim())
    .join(' ')
}
