import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { neutralise } from '../../src/contract/text.ts'
import { type Git, gitText, runGit } from '../git/git.ts'
import { type Arguments, count, flags, type OptionList, readOptions, text } from './bash/options.ts'
import { realNames } from './beneath.ts'
import { answerOf } from './output.ts'
import { flagOf, segments } from './paths.ts'
import { Denied, maxAnswerBytes, type Tool, type ToolContext, type ToolResult } from './tool.ts'

const Input = z.strictObject({ args: z.array(z.string().max(10_000)).min(1).max(200) })

const message = /^[\s\S]{1,10000}$/
const mode = { optional: /^(no|normal|all)$/ }
const similarity = { optional: /^\d{1,3}%?$/ }

/** Per subcommand. What is left out reads other files, runs programs, opens an editor or rewrites what is committed. */
const lists: Readonly<Record<string, OptionList>> = {
  status: {
    short: { ...flags('sbvz'), u: mode },
    long: {
      ...flags(['short', 'branch', 'long', 'verbose', 'show-stash', 'renames', 'no-renames', 'ahead-behind']),
      porcelain: { optional: /^v?[12]$/ },
      'untracked-files': mode,
      ignored: { optional: /^(traditional|no|matching)$/ },
    },
  },
  diff: {
    short: { ...flags('wbpusRWaz'), U: { optional: count }, M: similarity, C: similarity, S: text, G: text },
    long: {
      ...flags([
        'numstat',
        'shortstat',
        'name-only',
        'name-status',
        'cached',
        'staged',
        'patch',
        'summary',
        'check',
        'ignore-all-space',
        'ignore-space-change',
        'ignore-blank-lines',
        'minimal',
        'patience',
        'histogram',
        'no-color',
        'no-renames',
        'full-index',
        'raw',
        'compact-summary',
        'dirstat',
        'relative',
        'function-context',
        'exit-code',
        'no-patch',
        'no-prefix',
        'no-ext-diff',
        'no-textconv',
        'ignore-space-at-eol',
        'ignore-cr-at-eol',
        'find-copies-harder',
        'pickaxe-all',
        'pickaxe-regex',
        'text',
        'binary',
        'merge-base',
      ]),
      unified: count,
      'inter-hunk-context': count,
      stat: { optional: /^\d{1,4}(,\d{1,4}){0,2}$/ },
      'find-renames': similarity,
      'find-copies': similarity,
      'word-diff': { optional: /^(color|plain|porcelain|none)$/ },
      'diff-algorithm': /^(default|myers|minimal|patience|histogram)$/,
      color: { optional: /^(never|auto|always)$/ },
      'diff-filter': /^[ACDMRTUXBacdmrtuxb*]{1,12}$/,
    },
  },
  add: {
    short: flags('AunvN'),
    long: flags(['all', 'update', 'dry-run', 'verbose', 'intent-to-add', 'no-ignore-removal']),
  },
  commit: {
    short: { ...flags('aqns'), m: message },
    long: { ...flags(['all', 'quiet', 'no-verify', 'allow-empty', 'no-gpg-sign', 'signoff']), message },
  },
}

const fixed: Readonly<Record<string, readonly string[]>> = {
  status: ['--ignore-submodules=all'],
  diff: ['--no-ext-diff', '--no-textconv', '--ignore-submodules=all', '--no-color'],
  add: [],
  commit: ['--no-verify', '--no-gpg-sign', '--cleanup=strip', '--no-status'],
}

const revision =
  /^(HEAD|main|[0-9a-f]{7,64})([~^]\d{0,4}){0,8}(\.{2,3}(HEAD|main|[0-9a-f]{7,64})([~^]\d{0,4}){0,8})?$/

interface Parsed extends Arguments {
  readonly subcommand: string
  readonly revisions: readonly string[]
  readonly paths: readonly string[]
}

function parse(args: readonly string[], root: string): Parsed {
  const [subcommand = '', ...rest] = args
  const list = Object.hasOwn(lists, subcommand) ? lists[subcommand] : undefined
  if (list === undefined) throw new Denied(`git ${subcommand}: allowed are status, diff, add and commit`)
  for (const word of rest) {
    if (neutralise(word) !== word) throw new Denied('control characters in an argument')
  }
  const dashes = rest.indexOf('--')
  const revisionsEnd = dashes === -1 ? rest.length : dashes
  const read = readOptions(`git ${subcommand}`, list, rest)
  const isRevision = (word: string) =>
    subcommand === 'diff' && revision.test(word) && rest.indexOf(word) < revisionsEnd
  const revisions = read.operands.filter(isRevision)
  const paths = read.operands.filter((word) => !isRevision(word)).map((path) => pathspec(path, root))
  return { ...read, subcommand, revisions, paths }
}

function pathspec(path: string, root: string): string {
  if (path.startsWith(':')) throw new Denied(`${path}: pathspec magic is not allowed`)
  const names = segments(path, root)
  const folder = names.slice(0, -1).join('/')
  // The last name may be a link, which git takes as one; the way there may not leave.
  if (folder !== '' && existsSync(join(root, folder))) realNames(root, folder)
  return names.join('/') || '.'
}

function check({ subcommand, given, paths, revisions }: Parsed): void {
  if (subcommand === 'commit' && !given.has('m') && !given.has('message')) {
    throw new Denied('git commit needs -m MESSAGE; there is no editor')
  }
  if (subcommand === 'commit' && paths.length > 0) throw new Denied('git commit takes no paths; use git add')
  const all = ['A', 'all', 'u', 'update'].some((name) => given.has(name))
  if (subcommand === 'add' && paths.length === 0 && !all) throw new Denied('git add: name paths, or give -A')
  if (revisions.length > 2) throw new Denied('git diff takes at most two revisions')
}

/** Takes nested repositories out of the index again, which `add` puts there as links. */
async function dropLinks(git: Git, context: ToolContext, signal: AbortSignal): Promise<string[]> {
  const call = { timeoutMs: context.timeoutMs, maxBytes: 64 * 1024 * 1024, signal }
  const entries = (await gitText(git, ['ls-files', '-s', '-z'], call)).split('\0')
  const links = entries.flatMap((entry) =>
    entry.startsWith('160000 ') ? [entry.slice(entry.indexOf('\t') + 1)] : [],
  )
  if (links.length > 0) {
    const input = links.map((path) => `${path}\0`).join('')
    await gitText(git, ['update-index', '--force-remove', '-z', '--stdin'], { ...call, input })
  }
  return links
}

async function flagsOfAdd(
  git: Git,
  parsed: Parsed,
  context: ToolContext,
  signal: AbortSignal,
): Promise<string[]> {
  if (parsed.subcommand !== 'add') return []
  const links = await dropLinks(git, context, signal)
  const sensitive = parsed.paths.flatMap((path) => flagOf(path.split('/')) ?? [])
  return [...links.map((path) => `${path} is a repository of its own and was not added`), ...sensitive]
}

export function createGit(context: ToolContext, ready: () => Promise<void>): Tool {
  const git: Git = { workspace: context.workspace, gitDir: context.gitDir, binary: context.binaries.git }
  return {
    name: 'Git',
    async run(raw, signal): Promise<ToolResult> {
      const parsed = parse(Input.parse(raw).args, context.workspace)
      check(parsed)
      await ready()
      const { subcommand, revisions, paths } = parsed
      const options = parsed.options.filter((option) => typeof option === 'string')
      const separated = paths.length > 0 || subcommand === 'diff' ? ['--', ...paths] : []
      // What is fixed stands last, where it counts.
      const args = [subcommand, ...options, ...(fixed[subcommand] ?? []), ...revisions, ...separated]
      const result = await runGit(git, args, {
        timeoutMs: context.timeoutMs,
        maxBytes: maxAnswerBytes,
        signal,
      })
      const flagged = await flagsOfAdd(git, parsed, context, signal)
      const output = `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`
      const answer = answerOf('git', output, [result], context.timeoutMs)
      return flagged.length === 0 ? answer : { ...answer, flags: flagged }
    },
  }
}
