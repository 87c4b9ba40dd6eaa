import type { SummaryCategory } from '../../../../contract/report.ts'
import { type Recogniser, weights } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const CLASSIC = /^yarn (?:install|add|run|upgrade)? ?v1\./
const BERRY = /^➤ (YN\d{4}): (?:│ )?(.*)$/
const ARTIFACT = [
  /any versions for "([^"]+)" that matches "([^"]+)"/,
  /Couldn't find package "([^"]+)"/,
  /^((?:@[^@\s]+\/)?[^@\s:]+@[^:\s]+:?[^:\s]*): /,
  /Integrity check failed for "([^"]+)"/,
  /^(?:error )?((?:@[^@\s]+\/)?[^@\s:]+@[\w.-]+): The engine/,
]

/** Berry's message codes that end an install, as its documentation lists them. */
const CODES: Readonly<Record<string, SummaryCategory>> = {
  YN0001: 'INSTALL',
  YN0009: 'INSTALL',
  YN0016: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0018: 'DEPENDENCY_LOCK_FAILURE',
  YN0022: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0027: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0028: 'DEPENDENCY_LOCK_FAILURE',
  YN0035: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0041: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0062: 'INSTALL',
  YN0080: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0081: 'DEPENDENCY_RESOLUTION_FAILURE',
  YN0082: 'DEPENDENCY_RESOLUTION_FAILURE',
}

/** Errors of yarn, classic and berry. */
export function yarn(): Recogniser {
  const found: Found[] = []
  const difference: string[] = []
  let category: SummaryCategory | undefined
  let consequence = false
  let classic = false
  const add = (kind: SummaryCategory, rule: string | undefined, message: string, number: number) => {
    category ??= kind
    if (found.length < 200)
      found.push({
        finding: { failure: { ...artifactOf(message), ...(rule === undefined ? {} : { rule }), message } },
        number,
      })
  }
  const berry = (code: string, text: string, number: number) => {
    const kind = CODES[code]
    if (kind === undefined) return
    if (code === 'YN0028' && /^[-+]/.test(text)) difference.push(text)
    else add(kind, code, text, number)
  }
  return {
    needles: ['yarn', '➤', 'rror'],
    busy: () => false,
    line(line, number) {
      const first = line.charCodeAt(0)
      if (first === 0x79 /* y */) classic ||= CLASSIC.test(line)
      else if (first === 0x27a4 /* ➤ */) {
        const match = BERRY.exec(line)
        if (match !== null) berry(match[1] ?? '', match[2] ?? '', number)
      } else if (classic && line.startsWith('error ')) {
        if (/^error Command failed with exit code/.test(line)) consequence = true
        else add(classicCategory(line), undefined, line.slice('error '.length), number)
      }
    },
    end() {
      const changes = difference
        .filter((line) => /^[-+]"|^[-+]\s+(?:resolution|version)/.test(line))
        .slice(0, 8)
      if (difference.length > 0 && found.length === 0) {
        add('DEPENDENCY_LOCK_FAILURE', 'YN0028', 'The lockfile would have been modified by this install.', 1)
      }
      if (found.length > 0) return sectionOf(category ?? 'INSTALL', 'yarn', 'error', found, changes)
      if (!consequence) return undefined
      const message = 'Command failed.'
      return {
        category: 'UNKNOWN',
        title: 'yarn: a command failed',
        weight: weights.consequence,
        firstLine: 1,
        findings: [{ failure: { message } }],
      }
    },
  }
}

function classicCategory(line: string): SummaryCategory {
  if (/lockfile|Integrity check failed/i.test(line)) return 'DEPENDENCY_LOCK_FAILURE'
  if (/any versions for|find package|: Not found|registry|ENOTFOUND|ECONN|ETIMEDOUT/i.test(line))
    return 'DEPENDENCY_RESOLUTION_FAILURE'
  return 'INSTALL'
}

function artifactOf(message: string): { artifact?: string } {
  for (const pattern of ARTIFACT) {
    const match = pattern.exec(message)
    if (match?.[1] !== undefined)
      return { artifact: match[2] === undefined ? match[1] : `${match[1]}@${match[2]}` }
  }
  return {}
}
