/** Shorter ones would blot out ordinary text. */
const shortestSecret = 4
const shortestForm = 8
const replacement = '[redacted]'

/** Replaces secrets in texts, bytes and values, whichever way they are written. */
export interface Redactor {
  text(text: string): string
  bytes(bytes: Buffer): Buffer
  /** Every string within a JSON value, keys apart. */
  value<Value>(value: Value): Value
}

/** What looks like a model's key or a bearer's token, whoever's it is. */
const keyShape = /\bsk-[A-Za-z0-9_-]{4,}|\bBearer\s+[^\s"',;]+/g

/** For what a service said: its secrets go, and whatever else looks like a key. */
export function makeServiceRedact(secrets: readonly string[]): (text: string) => string {
  const { text: known } = makeRedactor(secrets)
  return (text) => known(text).replace(keyShape, replacement)
}

/** Finds each secret plainly, in base64 at any offset (and base64url), in hex, URL-encoded and JSON-escaped. */
export function makeRedactor(secrets: readonly string[]): Redactor {
  const known = [...new Set(secrets)].filter((secret) => secret.length >= shortestSecret)
  const pattern = patternOf(known.flatMap(forms))
  const bytePattern = patternOf(known.flatMap(forms).map((form) => Buffer.from(form).toString('latin1')))
  const text = (input: string) => (pattern === undefined ? input : input.replace(pattern, replacement))
  const bytes = (input: Buffer) => {
    if (bytePattern === undefined) return input
    const before = input.toString('latin1')
    const after = before.replace(bytePattern, replacement)
    return after === before ? input : Buffer.from(after, 'latin1')
  }
  const value = <Value>(input: Value): Value => {
    return (pattern === undefined ? input : mapStrings(input, text)) as Value
  }
  return { text, bytes, value }
}

export function redact(text: string, secrets: readonly string[]): string {
  return makeRedactor(secrets).text(text)
}

function forms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  const hex = bytes.toString('hex')
  const encoded = encodeURIComponent(secret)
  const percent = hex.replace(/../g, '%$&')
  const derived = [
    ...[hex, hex.toUpperCase(), percent, percent.toUpperCase()],
    ...[encoded, encoded.replace(/%../g, (code) => code.toLowerCase()), encodeURI(secret)],
    ...[JSON.stringify(secret).slice(1, -1), ...base64Cores(bytes)],
  ]
  return [secret, ...derived.filter((form) => form.length >= shortestForm)]
}

/** The part of base64 that depends on the secret alone, for each of the three offsets it can stand at. */
function base64Cores(secret: Buffer): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64')
    const start = Math.ceil((offset * 8) / 6)
    const end = Math.floor(((offset + secret.length) * 8) / 6)
    const core = text.slice(start, end)
    return [core, core.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

function patternOf(all: readonly string[]): RegExp | undefined {
  if (all.length === 0) return undefined
  const longestFirst = [...new Set(all)].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g')
}

function mapStrings(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((inner) => mapStrings(inner, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapStrings(inner, map)]))
}
