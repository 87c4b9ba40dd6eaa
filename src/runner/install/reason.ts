import { stripVTControlCharacters } from 'node:util'
import type { InstallWords } from '../ecosystems/installWords.ts'

/** Codes that Node and its package managers end a message with, whoever wrote the rest. */
const coded = /(?<text>\b(?:ENOSPC|EINTEGRITY|ERESOLVE|ETARGET|E404|E403|E401|ENOTFOUND|ECONNREFUSED)\b.*)$/

const maxLength = 300

/** One line that says why an install failed; the exit code is null where there was none. */
export function installReason(words: InstallWords, log: string, exitCode: number | null): string {
  const lines = stripVTControlCharacters(log).split(/\r?\n/)
  for (const [pattern, reason] of words.explained ?? []) {
    const groups = lines.map((line) => pattern.exec(line)?.groups).find((found) => found !== undefined)
    if (groups !== undefined) return reason(groups).slice(0, maxLength)
  }
  const found: string[] = []
  for (const pattern of [...words.reasons, coded]) {
    const line = lines.map((text) => pattern.exec(text)?.groups?.text?.trim()).find((text) => text)
    if (line !== undefined && !found.some((earlier) => earlier.includes(line))) found.push(line)
    if (found.length === 2) break
  }
  const last = lines.findLast((line) => line.trim() !== '')
  const silent = `it said nothing and ended with ${exitCode === null ? 'no exit code' : `code ${exitCode}`}`
  return (found.length > 0 ? found.join(': ') : (last ?? silent)).slice(0, maxLength)
}
