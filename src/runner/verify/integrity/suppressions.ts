import type { Warning } from '../../../contract/verdict.ts'
import { acknowledge, type Change, code, rise, tally } from './change.ts'

/** Ways to make a checker look away, by what a person would call them. */
const patterns: readonly (readonly [string, RegExp])[] = [
  ['@ts-ignore', /@ts-ignore\b/g],
  ['@ts-nocheck', /@ts-nocheck\b/g],
  ['@ts-expect-error', /@ts-expect-error\b/g],
  ['as any', /\bas\s+any\b|<any>\s*[\w(]/g],
  ['cast through unknown', /\bas\s+(unknown\s+as|never)\b/g],
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

/** The same in what runs: a comment in an empty catch swallows no less. */
const codePatterns: typeof patterns = [
  [
    'empty catch',
    /\bcatch\s*(\([^)]{0,80}\))?\s*\{\s*\}|\.catch\(\s*(\(\w*\)|\w+)\s*=>\s*(\{\s*\}|undefined|null)\s*\)/g,
  ],
]

/** Suppressions that rise in a file. */
export function suppressionWarnings(changes: readonly Change[]): Warning[] {
  return changes.flatMap((change) => {
    if (change.role === 'docs' || change.role === 'lockfile') return []
    const rises = new Map<string, number>()
    for (const [name, pattern] of patterns) rises.set(name, (rises.get(name) ?? 0) + rise(change, pattern))
    for (const [name, pattern] of codePatterns) rises.set(name, rise(code(change), pattern))
    const risen = [...rises].filter(([, number]) => number > 0)
    if (risen.length === 0) return []
    const message = `${change.path} gains suppressions: ${tally(risen)}.`
    return [acknowledge(`suppressions:${change.path}`, change.path, message)]
  })
}
