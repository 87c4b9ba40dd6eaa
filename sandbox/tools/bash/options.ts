import { Denied } from '../tool.ts'

/** What an option's value may look like, or that it names a file; undefined: the option takes none. */
export type Value = RegExp | 'file' | Optional | undefined

/** A value only where it is attached: `--name=value`, `-nvalue`. */
export interface Optional {
  readonly optional: RegExp
}

/** A file that an option reads: opened by the resolver and put in after `before`. */
export interface FileOption {
  readonly before: string
  readonly path: string
}

/** The options a binary may be given. Everything else is denied. */
export interface OptionList {
  /** By single letter. */
  readonly short: Readonly<Record<string, Value>>
  /** By long name, without dashes. */
  readonly long: Readonly<Record<string, Value>>
  /** `-20` stands for `-n 20`. */
  readonly number?: boolean
}

export interface Arguments {
  /** As handed to the binary: `-c`, `-n 5`, `--name=value`; files are yet to be opened. */
  readonly options: readonly (string | FileOption)[]
  /** Names of the options given, letters or long names. */
  readonly given: ReadonlySet<string>
  readonly operands: readonly string[]
}

export const count = /^\d{1,9}$/
export const text = /^[^\0]{0,4096}$/

/** `flags('nv')`: letters or names that take no value. */
export function flags(names: string | readonly string[]): Record<string, Value> {
  return Object.fromEntries([...names].map((name) => [name, undefined]))
}

interface Reading {
  readonly binary: string
  readonly list: OptionList
  readonly rest: string[]
  readonly options: (string | FileOption)[]
  readonly given: Set<string>
  readonly operands: string[]
}

function denied({ binary, list }: Reading, option: string): never {
  const short = Object.keys(list.short).map((letter) => `-${letter}`)
  const long = Object.keys(list.long).map((name) => `--${name}`)
  throw new Denied(`${binary} ${option} is not allowed. Allowed: ${[...short, ...long].join(' ')}`)
}

function checked(
  reading: Reading,
  option: string,
  shape: RegExp | 'file',
  value: string | undefined,
): string {
  if (value === undefined) throw new Denied(`${reading.binary} ${option} needs a value`)
  if (shape !== 'file' && !shape.test(value))
    throw new Denied(`${reading.binary} ${option}: ${JSON.stringify(value)} is not a value for it`)
  return value
}

function isOptional(shape: Value): shape is Optional {
  return typeof shape === 'object' && 'optional' in shape
}

/** An option alone or with an attached value, as one word. */
function attachedOnly(reading: Reading, option: string, shape: Optional, value: string, joint: string): void {
  reading.options.push(
    value === '' ? option : `${option}${joint}${checked(reading, option, shape.optional, value)}`,
  )
}

function readLong(reading: Reading, word: string): void {
  const equals = word.indexOf('=')
  const name = equals === -1 ? word.slice(2) : word.slice(2, equals)
  const given = equals === -1 ? undefined : word.slice(equals + 1)
  if (!Object.hasOwn(reading.list.long, name)) denied(reading, `--${name}`)
  reading.given.add(name)
  const shape = reading.list.long[name]
  if (shape === undefined) {
    if (given !== undefined) throw new Denied(`${reading.binary} --${name} takes no value`)
    reading.options.push(`--${name}`)
    return
  }
  if (isOptional(shape)) {
    attachedOnly(reading, `--${name}`, shape, given ?? '', '=')
    return
  }
  const value = checked(reading, `--${name}`, shape, given ?? reading.rest.shift())
  reading.options.push(shape === 'file' ? { before: `--${name}=`, path: value } : `--${name}=${value}`)
}

function readCluster(reading: Reading, word: string): void {
  for (let index = 1; index < word.length; index += 1) {
    const letter = word[index] ?? ''
    if (!Object.hasOwn(reading.list.short, letter)) denied(reading, `-${letter}`)
    reading.given.add(letter)
    const shape = reading.list.short[letter]
    if (shape === undefined) {
      reading.options.push(`-${letter}`)
      continue
    }
    const attached = word.slice(index + 1)
    if (isOptional(shape)) {
      attachedOnly(reading, `-${letter}`, shape, attached, '')
      return
    }
    const value = checked(reading, `-${letter}`, shape, attached === '' ? reading.rest.shift() : attached)
    reading.options.push(`-${letter}`, shape === 'file' ? { before: '', path: value } : value)
    return
  }
}

/** Reads a binary's arguments as getopt does: clusters, attached values, options after operands, `--`. */
export function readOptions(binary: string, list: OptionList, args: readonly string[]): Arguments {
  const reading: Reading = { binary, list, rest: [...args], options: [], given: new Set(), operands: [] }
  for (let word = reading.rest.shift(); word !== undefined; word = reading.rest.shift()) {
    if (word === '--') {
      reading.operands.push(...reading.rest)
      break
    }
    if (word === '-') throw new Denied(`${binary}: there is no standard input`)
    if (list.number === true && /^-\d+$/.test(word)) {
      reading.given.add('n')
      reading.options.push('-n', checked(reading, '-n', count, word.slice(1)))
    } else if (word.startsWith('--')) readLong(reading, word)
    else if (word.startsWith('-')) readCluster(reading, word)
    else reading.operands.push(word)
  }
  const { options, given, operands } = reading
  return { options, given, operands }
}
