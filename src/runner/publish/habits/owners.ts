import ignore from 'ignore'

/** Where GitHub looks for the file, in its order; GitLab knows the same but the first. */
export const ownersPaths = [
  '.github/CODEOWNERS',
  'CODEOWNERS',
  'docs/CODEOWNERS',
  '.gitlab/CODEOWNERS',
] as const

const maxBytes = 3 * 1024 * 1024

interface Rule {
  readonly owns: (path: string) => boolean
  readonly owners: readonly string[]
}

/** `pattern owner…`; gitignore's patterns without negation and sets, of which GitHub knows none. */
function ruleOf(line: string): readonly Rule[] {
  const [pattern = '', ...rest] = line.replaceAll('\\ ', '\u0000').trim().split(/\s+/)
  const name = pattern.replaceAll('\u0000', '\\ ')
  if (name === '' || /^[#!]|[[\]]/.test(name)) return []
  const comment = rest.findIndex((word) => word.startsWith('#'))
  const owners = comment === -1 ? rest : rest.slice(0, comment)
  const matcher = ignore({ allowRelativePaths: false }).add(name)
  // `docs/*` owns the files of that folder alone, where gitignore's would be all below it.
  const direct = /^(.*\/)\*$/.exec(name)?.[1]
  const depth = direct?.replace(/^\//, '').split('/').length
  const owns = (path: string): boolean =>
    matcher.ignores(path) && (depth === undefined || name.includes('**') || path.split('/').length === depth)
  return [{ owns, owners }]
}

export interface Owners {
  /** Accounts, without `@`. */
  readonly people: readonly string[]
  /** `organisation/team`. */
  readonly teams: readonly string[]
}

const mostAsked = 15

/** Who owns the files by a CODEOWNERS text: for each file the last rule that names it. Addresses cannot be asked. */
export function ownersOf(text: string, paths: readonly string[]): Owners {
  if (text.length > maxBytes) return { people: [], teams: [] }
  const rules = text.split(/\r?\n/).flatMap(ruleOf)
  const found = paths.flatMap((path) => rules.findLast(({ owns }) => owns(path))?.owners ?? [])
  const names = [...new Set(found)].flatMap((owner) => (/^@[\w./-]+$/.test(owner) ? [owner.slice(1)] : []))
  return {
    people: names.filter((name) => !name.includes('/')).slice(0, mostAsked),
    teams: names.filter((name) => name.includes('/')).slice(0, mostAsked),
  }
}
