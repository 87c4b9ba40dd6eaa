import { escapeRegExp } from '../../contract/text.ts'
import type { Warning } from '../../contract/verdict.ts'
import { holdsSecret } from '../secretTexts.ts'
import { acknowledge, type Change, code, rise } from './change.ts'

/** Lines that only the new side has. */
function addedLines({ before, after }: Change): readonly string[] {
  const old = new Set((before ?? '').split('\n'))
  return (after ?? '').split('\n').filter((line) => !old.has(line))
}

/** The package that is updated is replaced in a test: what the test says of it is then said of nothing. */
function mocked(name: string): RegExp {
  const exact = escapeRegExp(name)
  return new RegExp(
    `\\b(?:jest|vi|mock)\\.(?:mock|doMock|module|unstable_mockModule)\\(\\s*(?:import\\(\\s*)?['"\`]${exact}(?:/[^'"\`]*)?['"\`]|\\bproxyquire\\([^\\n]*['"\`]${exact}['"\`]`,
    'g',
  )
}

/** A request that leaves the machine: to an address that stands there, or by what has no other use. */
const request =
  /\b(?:fetch|axios(?:\.\w+)?|got(?:\.\w+)?|request(?:\.\w+)?|superagent\.\w+|needle(?:\.\w+)?|new WebSocket|URL\.create|new URL|URI\.create)\s*\(\s*['"`](?:https?|wss?):\/\/(?!localhost|127\.|\[::1\])|\b(?:https?\.(?:get|request)|new\s+XMLHttpRequest|sendBeacon|net\.(?:connect|createConnection)|dns\.\w+|HttpClient\.new\w+|new Socket)\s*\((?!\s*['"`](?:https?:\/\/)?(?:localhost|127\.|\[::1\]))/g

/** Words to whoever decides about the change. */
const addressed =
  /\b(?:reviewers?|judges?|approvers?)\b[^\n]{0,80}\b(?:approve|accept|merge|ignore|verdict|criteria|please|safe|in[_ ]scope)\b|\b(?:please|you (?:can|may|should)) (?:approve|merge|accept) (?:this|the) (?:change|patch|pull request|pr|diff)\b|\bignore (?:all |any )?(?:previous|prior|earlier|above) instructions\b|\b(?:this (?:change|patch)|it) (?:has|was) already (?:been )?(?:reviewed|approved)\b|\bin_scope\b[^\n]{0,40}\b(?:pass|true)\b/i

/** Literals that are named like a key and look like one. */
const credential =
  /\b(?:password|passwd|secret|api[_-]?key|auth[_-]?token|access[_-]?token)\w*['"]?\s*[:=]\s*['"`](?=[^'"`\s]*\d)(?=[^'"`\s]*[A-Za-z])[^'"`\s$<{]{16,}['"`]/i

const longest = 500
const thresholds = /--max-warnings\b/g

interface Rule {
  readonly code: string
  readonly says: string
  readonly holds: (change: Change, added: readonly string[], updated: string | undefined) => boolean
}

const rules: readonly Rule[] = [
  {
    code: 'mocked-library',
    says: 'puts something else in the place of the updated package: what it tests is no longer that.',
    holds: (change, _, updated) =>
      updated !== undefined && change.role === 'test' && rise(code(change), mocked(updated)) > 0,
  },
  {
    code: 'network',
    says: 'makes a request to a network that it did not make before.',
    holds: (change) => ['source', 'test', 'config'].includes(change.role) && rise(code(change), request) > 0,
  },
  {
    code: 'addressed',
    says: 'gains text that speaks to whoever reviews the change.',
    holds: (_, added) => added.some((line) => addressed.test(line.slice(0, 2_000))),
  },
  {
    code: 'credential',
    says: 'gains what looks like a key or a password.',
    holds: (_, added) =>
      added.some((line) => credential.test(line.slice(0, 2_000))) || holdsSecret(added.join('\n')),
  },
  {
    code: 'long-line',
    says: `gains a line of more than ${longest} characters, which nobody reads.`,
    holds: ({ role, path }, added) =>
      role !== 'docs' && !/\.snap$|\.svg$|\.map$/.test(path) && added.some(({ length }) => length > longest),
  },
  {
    code: 'warnings-allowed',
    says: 'no longer says how many warnings a linter may give.',
    holds: (change) => change.role !== 'docs' && rise(change, thresholds) < 0,
  },
]

/** What a change brings in that an update never needs unseen. */
export function additionWarnings(changes: readonly Change[], updated?: string): Warning[] {
  return changes
    .filter(({ role, after }) => role !== 'lockfile' && after !== undefined)
    .flatMap((change) => {
      const added = addedLines(change)
      return rules
        .filter(({ holds }) => holds(change, added, updated))
        .map((rule) => acknowledge(`${rule.code}:${change.path}`, change.path, `${change.path} ${rule.says}`))
    })
}
