import type { Warning } from '../../contract/verdict.ts'
import { type Syntax, syntaxOf, walk } from '../languages/javascript/syntax.ts'
import { acknowledge, type Change, code, count, rise, tally } from './change.ts'

/** Ways to make a checker look away, by what a person would call them. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ['@ts-ignore', /@ts-ignore\b/g],
  ['@ts-nocheck', /@ts-nocheck\b/g],
  ['@ts-expect-error', /@ts-expect-error\b/g],
  // Many tools have the same form: `prettier-ignore`, `tool-disable-next-line`, `tool:off`.
  [
    'suppression',
    /^[\s*#/@]*@?(?!eslint|oxlint|tslint|stylelint|js[hl]int|rubocop|pylint|biome|rome|deno-|py|mypy|ruff|ts-|psalm|phpstan)[a-z][\w.]*[-:](?:ignore|disable|skip|off|allow|suppress|nocheck)\b/gim,
  ],
  ['lint suppression', /^[\s*]*eslint\s+[^\n]*?(?:\boff\b|:\s*['"]?0)/gm],
  ['lint suppression', /\bnosemgrep\b|#\s*nosec\b|\blgtm\s?\[|\bStryker disable\b|\bdeepcode ignore\b/g],
  [
    'lint suppression',
    /\b(eslint|oxlint|tslint|stylelint|jshint|jslint|rubocop|pylint)[-: ]+(disable|ignore)/g,
  ],
  [
    'lint suppression',
    /\b(biome|rome|deno-lint|phpcs|pyright|mypy|pyre|ty|ruff)[-:] ?(ignore|disable|noqa)/g,
  ],
  [
    'lint suppression',
    /#\s*noqa\b|#\s*type:\s*ignore|\/\/\s*nolint\b|\bNOLINT|\bNOSONAR\b|\bNOPMD\b|CHECKSTYLE:OFF/g,
  ],
  [
    'suppressed warning',
    /@Suppress(Warnings|FBWarnings|Lint)?\b|#!?\[(allow|expect)\(|#pragma\s+warning\s*\(?disable/g,
  ],
  ['suppressed warning', /@(phpstan-ignore|psalm-suppress)|\$Flow(FixMe|Ignore|ExpectedError)/g],
  ['coverage exclusion', /@(?:\w+\.)*Generated\b/g],
  ['coverage exclusion', /\b(istanbul|c8|v8|node:coverage)\s+(ignore|disable)|pragma:\s*no cover|:nocov:/g],
]

/** Types that say nothing, where the syntax cannot be read. */
const typePatterns: typeof patterns = [
  ['as any', /\bas\s+any\b|<any>\s*[\w(]/g],
  ['cast through unknown', /\bas\s+(unknown\s+as|never)\b/g],
]

/** The same in what runs: a comment in an empty catch swallows no less. */
const codePatterns: typeof patterns = [
  [
    'empty catch',
    /\bcatch\s*(\([^)]{0,80}\))?\s*\{\s*\}|\.catch\(\s*(\(\w*\)|\w+)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/g,
  ],
]

/** Types that say nothing, by the syntax: `any` as a word of a text is none. */
function looseTypes({ program }: Syntax): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  const add = (name: string) => found.set(name, (found.get(name) ?? 0) + 1)
  walk(program, (node) => {
    if (node.type === 'TSAnyKeyword') add('any')
    if (node.type === 'TSModuleDeclaration' && node.id.type === 'StringLiteral' && node.body == null)
      add('module without types')
    if (node.type !== 'TSAsExpression') return
    const through = node.expression.type === 'TSAsExpression' ? node.expression.typeAnnotation.type : ''
    if (through === 'TSUnknownKeyword' || node.typeAnnotation.type === 'TSNeverKeyword')
      add('cast through unknown')
  })
  return found
}

/** How often each stands in the text: in comments alone, where they can be told. */
function suppressionsIn(path: string, text: string | undefined): ReadonlyMap<string, number> {
  const syntax = text === undefined ? undefined : syntaxOf(path, text)
  const found = new Map(syntax === undefined ? [] : looseTypes(syntax))
  const where = syntax === undefined ? text : syntax.comments.join('\n')
  for (const [name, pattern] of syntax === undefined ? [...patterns, ...typePatterns] : patterns)
    found.set(name, (found.get(name) ?? 0) + count(where, pattern))
  return found
}

/** Suppressions that rise in a file. */
export function suppressionWarnings(changes: readonly Change[]): Warning[] {
  return changes.flatMap((change) => {
    if (change.role === 'docs' || change.role === 'lockfile') return []
    const before = suppressionsIn(change.path, change.before)
    const rises = new Map<string, number>()
    for (const [name, number] of suppressionsIn(change.path, change.after))
      rises.set(name, number - (before.get(name) ?? 0))
    for (const [name, pattern] of codePatterns) rises.set(name, rise(code(change), pattern))
    const risen = [...rises].filter(([, number]) => number > 0)
    if (risen.length === 0) return []
    const message = `${change.path} gains suppressions: ${tally(risen)}.`
    return [acknowledge(`suppressions:${change.path}`, change.path, message)]
  })
}
