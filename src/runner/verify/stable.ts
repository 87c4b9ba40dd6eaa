const everywhere: readonly (readonly [RegExp, string])[] = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours of a terminal
  [/\u001b\[[0-9;]*m/g, ''],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|\s?[+-]\d\d:?\d\d)?)?/g, '<date>'],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '<id>'],
  [/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\]):\d+/g, '<address>'],
  [/(?:file:\/\/)?(?:\/[\w.@+~-]+){2,}\/?/g, '<path>'],
  [/\(\d+[,:]\d+\)|:\d+:\d+\b|:\d+(?=[\s)\],]|$)|\blines? \d+(?:, column \d+)?/g, ''],
  [/\b\d+(?:[.,]\d+)?\s?(?:ms|µs|ns|s|secs?|seconds?|mins?|minutes?|h)\b/g, '<time>'],
  [/\b\d+(?:\.\d+)?\s?%/g, '<percent>'],
  [/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/gi, '<hex>'],
]

const inNames: readonly (readonly [RegExp, string])[] = [
  [/\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*\b/g, '<day>'],
  [/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\b/g, '<month>'],
  [/\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{8,}/g, '<id>'],
  [/\d+(?:[.,]\d+)*/g, '<n>'],
]

function replaced(text: string, rules: readonly (readonly [RegExp, string])[]): string {
  const made = rules.reduce((left, [what, by]) => left.replace(what, by), text)
  return made.replace(/\s+/g, ' ').trim()
}

/** A message without what differs between two runs of the same code: places, durations, dates, folders, addresses. */
export function stableText(text: string): string {
  return replaced(text, everywhere)
}

/** What stays of a test's name that carries a date, a port or a random value. */
export function stablePart(name: string): string {
  return replaced(stableText(name), inNames)
}
