import { closestMatch } from 'leven'
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** What is wrong with a value, as a sentence without its full stop. `isThere`: the file has a value at the path. */
export function wordsOf(issue: Issue, isThere: boolean, known: readonly string[]): string {
  const name = named(issue.path)
  if (issue.code === 'unrecognized_keys') return unknownKeys(name, issue.keys, known)
  // A plain text stands for keys that the file does not have.
  if (!isThere && issue.code === 'invalid_type')
    return issue.path.length === 0 ? 'the file is empty' : `${name} is missing`
  return `${name} ${wrong(issue)}`
}

function unknownKeys(name: string, keys: readonly string[], known: readonly string[]): string {
  const [first = ''] = keys
  const meant = closestMatch(first, [...known], { maxDistance: 3 })
  const all = keys.map((key) => `"${key}"`).join(', ')
  return `${name} has no ${all}${meant === undefined ? '' : `; did you mean "${meant}"?`}`
}

function wrong(issue: Exclude<Issue, { code: 'unrecognized_keys' }>): string {
  switch (issue.code) {
    case 'invalid_type':
      return `has to be ${kinds[issue.expected] ?? `a ${issue.expected}`}`
    case 'too_small':
      return tooSmall(issue)
    case 'too_big':
      return `may ${issue.origin === 'array' ? 'have' : issue.origin === 'string' ? 'have' : 'be'} ${issue.maximum} ${unit(issue.origin)}at most`
    case 'invalid_value':
      return `has to be one of ${issue.values.map(String).join(', ')}`
    case 'invalid_union':
      return 'is none of the kinds that are known'
    default:
      return `${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`
  }
}

const kinds: Readonly<Record<string, string>> = {
  object: 'keys with their values',
  array: 'a list',
  int: 'a whole number',
}

function tooSmall({ origin, minimum, inclusive }: Extract<Issue, { code: 'too_small' }>): string {
  if (origin === 'array' && minimum === 1) return 'is empty: name one at least'
  if (origin === 'string' && minimum === 1) return 'is empty'
  if (origin === 'array' || origin === 'string') return `has to have ${minimum} ${unit(origin)}at least`
  return `has to be ${inclusive === false ? 'more than' : 'at least'} ${minimum}`
}

function unit(origin: string): string {
  return origin === 'array' ? 'entries ' : origin === 'string' ? 'characters ' : ''
}

function named(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file'
  const text = path.map((part) => (typeof part === 'number' ? `[${part + 1}]` : `.${String(part)}`)).join('')
  return text.replace(/^\./, '')
}
