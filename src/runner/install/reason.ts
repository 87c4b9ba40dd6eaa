import { stripVTControlCharacters } from 'node:util'

/** Lines of a package manager's output that say what went wrong, most telling first. */
const telling = [
  /^npm (?:error|ERR!) code (?<text>\S+)$/,
  /^npm (?:error|ERR!) (?<text>(?!code |errno |A complete log|This|For a full|Run |node_modules|\s).+)$/,
  /^\s*(?<text>ERR_PNPM_\w+\s.+)$/,
  /^error (?<text>(?!Command failed|Found incompatible module).+)$/,
  /^\[ERROR\].*?(?<text>(?:Could not (?:find|transfer) artifact|The following artifacts could not be resolved|Non-resolvable|Unresolveable|'[\w.]+' for ).+)$/,
  /YN00\d\d: (?:│ )?(?<text>.*(?:Error|couldn't|can't|not found|failed|would have been).*)$/i,
  /(?<text>\b(?:ENOSPC|EINTEGRITY|ERESOLVE|ETARGET|E404|E403|E401|ENOTFOUND|ECONNREFUSED)\b.*)$/,
]

const maxLength = 300

/** What a package manager asks of git itself: the sandbox has none to ask. */
export const askedOfGit = /\bls-remote\b.*?(?<url>(?:git\+)?(?:ssh|https?|git):\/\/[^\s"']+)/

/** One line that says why an install failed; the exit code is null where there was none. */
export function installReason(log: string, exitCode: number | null): string {
  const lines = stripVTControlCharacters(log).split(/\r?\n/)
  const asked = lines.map((text) => askedOfGit.exec(text)?.groups?.url).find((url) => url !== undefined)
  if (asked !== undefined)
    return `a package that another one needs comes from git (${asked}), and no lock file says which commit`.slice(
      0,
      maxLength,
    )
  const found: string[] = []
  for (const pattern of telling) {
    const line = lines.map((text) => pattern.exec(text)?.groups?.text?.trim()).find((text) => text)
    if (line !== undefined && !found.some((earlier) => earlier.includes(line))) found.push(line)
    if (found.length === 2) break
  }
  const last = lines.findLast((line) => line.trim() !== '')
  const silent = `it said nothing and ended with ${exitCode === null ? 'no exit code' : `code ${exitCode}`}`
  return (found.length > 0 ? found.join(': ') : (last ?? silent)).slice(0, maxLength)
}
