import type { SummaryCategory } from '../../../../contract/report.ts'
import { type Recogniser, weights } from '../../../summarise/finding.ts'

const ERROR = /^\s?\[?(ERR_PNPM_[A-Z0-9_]+|ELIFECYCLE)\]?\s+(.*)$/
const RUN = /^(?:ERR_PNPM_RECURSIVE_(?:RUN|EXEC)\w*|ELIFECYCLE)$/
const ARTIFACT = [
  /No matching version found for (\S+?)(?: while|\.?$)/m,
  /^(\S+) is not in the \S+ registry/m,
  /^\s*- (\S+) \(lockfile: /m,
  /registry\S*?\/((?:@|%40)?[\w.-]+(?:(?:\/|%2[fF])[\w.-]+)?): Not Found/,
]

function categoryOf(code: string): SummaryCategory {
  if (/LOCKFILE|INTEGRITY|FROZEN/.test(code)) return 'DEPENDENCY_LOCK_FAILURE'
  if (/NO_MATCHING|NO_VERSIONS|FETCH|PEER_DEP|NOT_FOUND|META|CATALOG|UNEXPECTED_STORE|REGISTR/.test(code))
    return 'DEPENDENCY_RESOLUTION_FAILURE'
  return 'INSTALL'
}

/** pnpm's own errors. */
export function pnpm(): Recogniser {
  let code: string | undefined
  let first = 0
  const lines: string[] = []
  return {
    needles: ['ERR_PNPM_', 'ELIFECYCLE'],
    busy: () => code !== undefined && lines.length < 20,
    line(line, number) {
      const match = line.includes('ERR_PNPM_') || line.includes('ELIFECYCLE') ? ERROR.exec(line) : null
      if (match !== null && (code === undefined || RUN.test(code))) {
        code = match[1] ?? ''
        first = number
        lines.length = 0
        lines.push(match[2] ?? '')
      } else if (code !== undefined && line.trim() !== '' && lines.length < 20 && !/^\s+at /.test(line))
        lines.push(line)
    },
    end() {
      if (code === undefined) return undefined
      const [message = code, ...detail] = lines
      const artifact = ARTIFACT.map((pattern) => pattern.exec(lines.join('\n'))?.[1]).find(
        (each) => each !== undefined,
      )
      const named =
        artifact === undefined
          ? {}
          : { artifact: decodeURIComponent(artifact.replace(/%(?!40|2f)/gi, '%25')) }
      return {
        category: RUN.test(code) ? 'UNKNOWN' : categoryOf(code),
        title: `pnpm: ${code}`,
        weight: RUN.test(code) ? weights.consequence : weights.specific,
        firstLine: first,
        findings: [{ failure: { ...named, rule: code, message }, detail: detail.slice(0, 8) }],
      }
    },
  }
}
