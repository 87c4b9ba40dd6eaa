import type { Token } from 'marked'

/** A part that is shut until somebody opens it. */
export interface Fold {
  readonly summary: string
  readonly inner: readonly Token[]
}

const opening = /^<details>\s*<summary>([^<>]*)<\/summary>\s*$/
const closing = /^<\/details>\s*$/

/** Folds as hosts know them (`<details>`, the one markup that is read); whatever has no end stays what it is, text. */
export function withFolds(tokens: readonly Token[]): readonly (Token | Fold)[] {
  const found: (Token | Fold)[] = []
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token
    const summary = token.type === 'html' ? opening.exec(token.raw.trim())?.[1] : undefined
    const end = summary === undefined ? -1 : endOf(tokens, at)
    if (summary === undefined || end === -1) found.push(token)
    else {
      found.push({ summary, inner: tokens.slice(at + 1, end) })
      at = end
    }
  }
  return found
}

function endOf(tokens: readonly Token[], from: number): number {
  let depth = 0
  for (let at = from; at < tokens.length; at += 1) {
    const { type, raw } = tokens[at] as Token
    if (type !== 'html') continue
    if (opening.test(raw.trim())) depth += 1
    else if (closing.test(raw.trim())) depth -= 1
    if (depth === 0) return at
  }
  return -1
}
