import { escapeRegExp } from '../../../contract/text.ts'
import { languages } from '../../languages/index.ts'
import { mentions } from './names.ts'
import type { SourceFile } from './sourceFile.ts'

/* Words that languages have of their own: a package's member of such a name is met by few of the lines that hold it. */

/** Nothing but a member behind a dot, or of a class, may be called so: `Observable.if`. */
export const reserved: ReadonlySet<string> = new Set(languages.flatMap(({ words }) => words.reserved))
const ofLists: ReadonlySet<string> = new Set(languages.flatMap(({ words }) => words.ofLists))
const ofHolders: ReadonlySet<string> = new Set(languages.flatMap(({ words }) => words.ofHolders))

/** A file, and what it has from another one of the repository that has it from the package. */
export interface Holder {
  readonly file: SourceFile
  readonly isBound: (name: string) => boolean
}

/**
 * Whether a line calls the word on something of the package, where a list or a table may have it as well; undefined where
 * the file does not say.
 */
export function isOwnMember(word: string, held: string | undefined, holder: Holder): boolean | undefined {
  if (ofLists.has(word)) return held !== undefined && receiverOf(held, holder) === 'own'
  if (!ofHolders.has(word) || held === undefined) return undefined
  return receiverOf(held, holder) === 'other' ? false : undefined
}

/** `own`: of the package, as the file itself says; `other`: a list or a table, as it says. */
type Receiver = 'own' | 'other' | 'unknown'

const most = 3

/** Of an expression that ends in a dot: `this.streams.`, `_(list).`. */
function receiverOf(held: string, holder: Holder, depth = 0): Receiver {
  const names = held
    .replace(/^(?:this|super)[?!]?\./, '')
    .replace(/\([^()]*\)|\[[^\]]*\]/g, '')
    .split('.')
    .map((name) => name.replace(/[?!]$/, ''))
    .filter((name) => name !== '')
  const [root, last = root] = [names[0], names.at(-1)]
  // All brackets, such as `(x).`: nothing is declared by no name.
  if (root === undefined || last === undefined) return 'unknown'
  if (isGiven(root, holder)) return 'own'
  const found = [...new Set([last, root])].map((name) => declaredAs(name, holder, depth))
  return found.includes('other') ? 'other' : found.includes('own') ? 'own' : 'unknown'
}

function isGiven(name: string, { file, isBound }: Holder): boolean {
  if (file.bound.has(name)) return true
  return isBound(name) && file.links.takes.some(({ names }) => names.some(([, here]) => here === name))
}

function declaredAs(name: string, holder: Holder, depth: number): Receiver {
  const found = declarations(name, holder.file.lines).map((text) => kindOf(text, name, holder, depth))
  return found.includes('own') ? 'own' : found.includes('other') ? 'other' : 'unknown'
}

const list =
  /\[|^(?:Readonly)?(?:Array|Set|Map|WeakMap|List|ArrayList|LinkedList|Collection|Iterable|Iterator|Optional|Stream|HashMap|HashSet|Queue|Deque|String|string|Object|Promise)\b/

function kindOf(text: string, name: string, holder: Holder, depth: number): Receiver {
  const bare = withoutArguments(text).replace(/^\s*(?:(?:await|new)\s+)*/, '')
  const { bound } = holder.file
  const head = /^[\w$]+/.exec(bare)?.[0] ?? ''
  if (list.test(bare)) return !bare.includes('[') && bound.has(head) ? 'own' : 'other'
  if (mentions(bare, { local: bound, everywhere: new Set() })) return 'own'
  const root = /^((?:this\.)?[A-Za-z_$][\w$]*)[?!]?[.(]/.exec(bare)?.[1]
  if (root === undefined || root === name || depth >= most) return 'unknown'
  return receiverOf(`${root}.`, holder, depth + 1)
}

/** What stands in pointed brackets says what a thing holds, not what it is. */
function withoutArguments(text: string): string {
  const bare = text.replace(/<[^<>]*>/g, '')
  return bare === text ? bare : withoutArguments(bare)
}

/** What a file says a name is: its type, or what it is given. */
function declarations(name: string, lines: readonly string[]): readonly string[] {
  const word = `(?<![\\w$])${escapeRegExp(name)}(?![\\w$])`
  const patterns = [
    new RegExp(`${word}\\s*[?!]?\\s*:\\s*([^=;{]+)`),
    new RegExp(`${word}\\s*(?::[^=]*)?=(?![=>])\\s*(.+)$`),
    // Where the type stands before the name.
    new RegExp(`(?:^|[(,\\s])([A-Z][\\w.]*(?:<[^=;()]*>)?(?:\\[\\])*)\\s+${word}\\s*[=;,):]`),
  ]
  return lines.flatMap((line) =>
    line.length > 500 || !line.includes(name)
      ? []
      : patterns.flatMap((pattern) => pattern.exec(line)?.[1] ?? []),
  )
}
