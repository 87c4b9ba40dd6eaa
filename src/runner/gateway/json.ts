/** Why bytes from a container were not taken as a message. */
export class NotAdmitted extends Error {}

interface Level {
  /** Keys seen in an object; undefined in an array. */
  readonly keys: Set<string> | undefined
  expectsKey: boolean
}

function endOfString(text: string, start: number): number {
  let index = start + 1
  while (index < text.length && text[index] !== '"') index += text[index] === '\\' ? 2 : 1
  return index
}

function noteKey(level: Level | undefined, literal: string): void {
  if (level?.keys === undefined || !level.expectsKey) return
  const key = JSON.parse(literal) as string
  if (level.keys.has(key)) throw new NotAdmitted('a key occurs twice in one object')
  level.keys.add(key)
  level.expectsKey = false
}

/** Depth and unique keys, which JSON.parse does not look at. The text is known to be valid JSON. */
function checkShape(text: string, maxDepth: number): void {
  const levels: Level[] = []
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (character === '"') {
      const end = endOfString(text, index)
      noteKey(levels.at(-1), text.slice(index, end + 1))
      index = end
    } else if (character === '{' || character === '[') {
      if (levels.length >= maxDepth) throw new NotAdmitted(`nested deeper than ${maxDepth} levels`)
      levels.push({ keys: character === '{' ? new Set() : undefined, expectsKey: character === '{' })
    } else if (character === '}' || character === ']') {
      levels.pop()
    } else if (character === ',') {
      const level = levels.at(-1)
      if (level?.keys !== undefined) level.expectsKey = true
    }
  }
}

/** JSON from a container: valid UTF-8, bounded in size and depth, no key twice. Throws `NotAdmitted`. */
export function parseBounded(bytes: Buffer, limits: { maxBytes: number; maxDepth: number }): unknown {
  if (bytes.length > limits.maxBytes) throw new NotAdmitted(`larger than ${limits.maxBytes} bytes`)
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw new NotAdmitted('not JSON in UTF-8')
  }
  checkShape(text, limits.maxDepth)
  return value
}
