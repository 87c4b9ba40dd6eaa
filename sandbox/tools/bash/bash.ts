import { closeSync } from 'node:fs'
import { z } from 'zod'
import { neutralise } from '../../../src/contract/text.ts'
import { type RunResult, run } from '../../process/run.ts'
import { type Opened, openBeneath, openFile } from '../beneath.ts'
import { answerOf } from '../output.ts'
import { isBinary } from '../read.ts'
import { Denied, maxAnswerBytes, NotPossible, type Tool, type ToolContext, type ToolResult } from '../tool.ts'
import { readFind, searchOutsideGit } from './find.ts'
import { cat, head, rg, tail, wc } from './lists.ts'
import { type FileOption, readOptions } from './options.ts'
import { words } from './words.ts'

const Input = z.strictObject({ command: z.string() })

/** One process: files are handed on open, a folder is where it runs, so that no path is looked up again. */
interface Step {
  readonly binary: 'rg' | 'cat' | 'head' | 'tail' | 'find' | 'wc'
  readonly args: readonly string[]
  readonly files: readonly Opened[]
  readonly folder: Opened | undefined
}

interface Plan {
  readonly steps: readonly Step[]
  /** An answer without any process. */
  readonly instead?: string
}

const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nonexistent', TERM: 'dumb' }

function handedOn(files: readonly Opened[]): string[] {
  return files.map((_, index) => `/proc/self/fd/${index + 3}`)
}

const fileLists = { cat, head, tail, wc }

function planFiles(binary: 'cat' | 'head' | 'tail' | 'wc', args: readonly string[], open: Opener): Plan {
  const { options, operands } = readOptions(binary, fileLists[binary], args)
  if (operands.length === 0) throw new Denied(`${binary}: name a file`)
  if (operands.length > 50) throw new Denied(`${binary}: at most 50 files at once`)
  const opened = open.each(operands, open.file)
  const binaryFile = binary === 'wc' ? undefined : opened.find((file) => isBinary(file.fd))
  const flags = options.filter((option) => typeof option === 'string')
  const step = { binary, args: [...flags, '--', ...handedOn(opened)], files: opened, folder: undefined }
  if (binaryFile === undefined) return { steps: [step] }
  const name = binaryFile.names.join('/')
  return {
    steps: [],
    instead: `[${name}: a binary file of ${binaryFile.stat.size} bytes; not shown]`,
  }
}

/** Opens what a command names and remembers it, so that all is closed whatever happens. */
interface Opener {
  readonly opened: Opened[]
  file(path: string): Opened
  /** A regular file or a folder. */
  any(path: string): Opened
  /** What can be opened of the paths; the others are said beside the answer. Throws where none can be. */
  each(paths: readonly string[], open: (path: string) => Opened): Opened[]
  /** Why paths were left out. */
  readonly leftOut: string[]
}

function createOpener(root: string): Opener {
  const opened: Opened[] = []
  const leftOut: string[] = []
  const kept = (each: Opened) => {
    opened.push(each)
    return each
  }
  return {
    opened,
    leftOut,
    each(paths, open) {
      const found = paths.flatMap((path) => {
        try {
          return [open(path)]
        } catch (error) {
          if (!(error instanceof NotPossible)) throw error
          leftOut.push(error.message)
          return []
        }
      })
      if (found.length === 0) throw new NotPossible(leftOut.join('; '))
      return found
    },
    file: (path) => kept(openFile(root, path)),
    any(path) {
      const each = kept(openBeneath(root, path))
      if (each.stat.isFile() || each.stat.isDirectory()) return each
      throw new Denied(`${path}: not a regular file`)
    },
  }
}

const withoutPattern = ['files', 'type-list', 'version', 'V', 'help', 'h', 'e', 'regexp', 'f', 'file']
const rgDefaults = ['--max-columns=500', '--max-columns-preview']
// Behind the options given: the last one counts. A broken ignore file is not quoted, since it may be a link to anything.
const rgAlways = ['--no-config', '--color=never', '--no-follow', '--no-ignore-messages']
// The last glob that fits decides, and the insensitive ones come after all others.
const rgOutsideGit = ['--iglob=!**/.git', '--iglob=!**/.git/**']

/** The options with the files that they read opened, to be handed on first. */
function openOptions(options: readonly (string | FileOption)[], open: Opener) {
  const wanted = options.filter((option) => typeof option !== 'string')
  const files = wanted.map((option) => open.file(option.path))
  const args = options.map((option) =>
    typeof option === 'string' ? option : `${option.before}/proc/self/fd/${wanted.indexOf(option) + 3}`,
  )
  return { files, args }
}

function rgSteps(
  before: readonly string[],
  read: readonly Opened[],
  paths: readonly Opened[],
  implied: boolean,
): Step[] {
  const steps: Step[] = paths
    .filter((each) => each.stat.isDirectory())
    .map((folder) => ({ binary: 'rg', args: implied ? before : [...before, './'], files: read, folder }))
  const regular = paths.filter((each) => each.stat.isFile())
  if (regular.length === 0) return steps
  const files = [...read, ...regular]
  const named = handedOn(files).slice(read.length)
  return [...steps, { binary: 'rg', args: [...before, ...named], files, folder: undefined }]
}

function planRg(args: readonly string[], open: Opener): Plan {
  const { options, given, operands } = readOptions('rg', rg, args)
  const takesPattern = !withoutPattern.some((name) => given.has(name))
  if (takesPattern && operands.length === 0) throw new Denied('rg: a pattern is needed')
  const pattern = takesPattern ? operands.slice(0, 1) : []
  const paths = operands.slice(pattern.length)
  const read = openOptions(options, open)
  const opened = open.each(paths.length === 0 ? ['.'] : paths, open.any)
  const named = paths.length > 1 ? ['--with-filename'] : []
  const before = [...rgDefaults, ...named, ...read.args, ...rgAlways, ...rgOutsideGit, '--', ...pattern]
  const steps = rgSteps(before, read.files, opened, paths.length === 0)
  return { steps }
}

/** A path pattern of the search as seen from the folder the process runs in. */
function fromFolder(expression: readonly string[], folder: string): string[] {
  return expression.map((word, index) => {
    const isPath = ['-path', '-ipath', '-wholename', '-iwholename'].includes(expression[index - 1] ?? '')
    if (!isPath || folder === '') return word
    const relative = word.startsWith('./') ? word.slice(2) : word
    return relative.startsWith(`${folder}/`) ? `.${relative.slice(folder.length)}` : word
  })
}

function planFind(args: readonly string[], open: Opener): Plan {
  const { starts, options, expression } = readFind(args)
  const read = openOptions(expression, open)
  const opened = open.each(starts.length === 0 ? ['.'] : starts, open.any)
  const steps = opened.map((each): Step => {
    const seen = searchOutsideGit(fromFolder(read.args, each.names.join('/')))
    const isFile = each.stat.isFile()
    const files = isFile ? [...read.files, each] : read.files
    const start = isFile ? handedOn(files).slice(-1) : ['.']
    // Links are followed only where they are named here: the open files.
    return {
      binary: 'find',
      args: ['-H', ...start, ...options, ...seen],
      files,
      folder: isFile ? undefined : each,
    }
  })
  return { steps }
}

function planOf(command: string, open: Opener): Plan {
  const [binary, ...args] = words(command)
  switch (binary) {
    case 'cat':
    case 'head':
    case 'tail':
    case 'wc':
      return planFiles(binary, args, open)
    case 'rg':
      return planRg(args, open)
    case 'find':
      return planFind(args, open)
    default:
      throw new Denied(`${binary ?? 'nothing'} is not one of rg, cat, head, tail, find, wc`)
  }
}

/** Puts the names that a person knows in place of the open files' and of the folder's. */
function renamed(step: Step, output: string): string {
  const folder = step.folder?.names.join('/') ?? ''
  const named = folder === '' ? output : output.replaceAll(/^\.(?=\/|$)/gm, folder)
  if (step.files.length === 0) return named
  return named.replaceAll(
    /(?<=^|==> | |: |")\/proc\/self\/fd\/(\d+)(?=$|[:\- "\0])/gm,
    (whole, number: string) => {
      return step.files[Number(number) - 3]?.names.join('/') ?? whole
    },
  )
}

async function runStep(
  step: Step,
  context: ToolContext,
  maxBytes: number,
  signal: AbortSignal,
): Promise<RunResult> {
  return run({
    file: context.binaries[step.binary],
    args: step.args,
    cwd: step.folder === undefined ? context.workspace : `/proc/self/fd/${step.folder.fd}`,
    env,
    timeoutMs: context.timeoutMs,
    maxBytes,
    signal,
    fds: step.files.map((file) => file.fd),
  })
}

async function runPlan(plan: Plan, context: ToolContext, signal: AbortSignal): Promise<ToolResult> {
  if (plan.instead !== undefined) return { text: plan.instead }
  const texts: string[] = []
  const results: RunResult[] = []
  let left = maxAnswerBytes
  for (const step of plan.steps) {
    if (left <= 0) break
    const result = await runStep(step, context, left, signal)
    left -= result.stdout.length + result.stderr.length
    texts.push(renamed(step, `${result.stdout.toString('utf8')}${result.stderr.toString('utf8')}`))
    results.push(result)
    if (result.timedOut) break
  }
  return answerOf(plan.steps[0]?.binary ?? '', texts.join(''), results, context.timeoutMs)
}

export function createBash(context: ToolContext): Tool {
  return {
    name: 'Bash',
    async run(raw, signal) {
      const { command } = Input.parse(raw)
      const open = createOpener(context.workspace)
      try {
        const answer = await runPlan(planOf(command, open), context, signal)
        const notes = open.leftOut.map((why) => `[not read: ${neutralise(why)}]`)
        return { ...answer, text: [answer.text, ...notes].join('\n') }
      } finally {
        for (const { fd } of open.opened) closeSync(fd)
      }
    },
  }
}
