import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pLimit from 'p-limit'
import type { Ecosystem as EcosystemId } from '../../contract/ecosystems/index.ts'
import { failures } from '../../contract/failures.ts'
import { Settings } from '../../contract/settings.ts'
import type { Task } from '../../contract/task.ts'
import { toolManifest } from '../../contract/tools.ts'
import { type ContextCase, caseReport, caseTree, madeVersion, readContextCase } from '../contextEval/case.ts'
import { type ContextScore, scoreContext } from '../contextEval/score.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import { openEcosystem } from '../ecosystems/index.ts'
import type { OpenedEcosystem } from '../ecosystems/module.ts'
import type { Tree } from '../ecosystems/project.ts'
import { readRelease } from '../ecosystems/release/reader.ts'
import type { Release } from '../ecosystems/release/release.ts'
import { fileTrouble } from '../fileTrouble.ts'
import { contextOf } from '../pipeline/repairContext.ts'
import { type AgentPrompts, loadAgentPrompts, renderTask, systemPrompt } from '../repair/prompt.ts'
import { table } from '../terminal/tables.ts'
import { type CommandContext, printJson } from './context.ts'
import { exitCodes } from './exitCode.ts'

export interface ContextFlags {
  readonly json?: boolean
}

interface Measured extends ContextScore {
  readonly name: string
  readonly kinds: readonly string[]
  /** Of the first message. */
  readonly bytes: number
  /** With the system prompt and the tools, as the first request carries them. */
  readonly requestBytes: number
  readonly message: string
}

interface Tools {
  readonly reader: string
  readonly prompts: AgentPrompts
  readonly ecosystem: (id: ContextCase['ecosystem']) => Promise<Ecosystem>
}

function tools({ env, userHome, cache, assets }: CommandContext, prompts: AgentPrompts): Tools {
  const releaseReader = join(assets, 'dist', 'releaseReader.mjs')
  const how = { env, userHome, cacheDir: join(cache, 'packages'), releaseReader }
  const opened = new Map<EcosystemId, Promise<OpenedEcosystem>>()
  const ecosystem = async (id: EcosystemId): Promise<Ecosystem> => {
    const one = opened.get(id) ?? openEcosystem(id, how)
    opened.set(id, one)
    return (await one).ecosystem
  }
  return { reader: releaseReader, prompts, ecosystem }
}

async function releaseOf(
  context: CommandContext,
  { reader, ecosystem }: Tools,
  folder: string,
  tree: Tree,
  one: ContextCase,
): Promise<Release | undefined> {
  const { made, from, to } = one
  if (!made) return await (await ecosystem(one.ecosystem)).release?.(tree, one, context.signal)
  const [before, after] = [
    await madeVersion(join(folder, 'from'), from),
    await madeVersion(join(folder, 'to'), to),
  ]
  return await readRelease(reader, { of: one.ecosystem, from: before, to: after }, context.signal)
}

function taskOf(one: ContextCase): Task {
  return {
    ...{ v: 1, id: '00000000-000000-000000', kind: 'dependency-update', ecosystem: one.ecosystem },
    repository: { root: '/', baseCommit: '0'.repeat(40), includeUncommitted: false },
    ...{ settings: Settings.parse({}), package: one.package, requested: one.to },
  }
}

async function measured(
  context: CommandContext,
  known: Tools,
  folder: string,
  name: string,
): Promise<Measured> {
  const one = await readContextCase(folder)
  const tree = await caseTree(folder)
  const release = await releaseOf(context, known, folder, tree, one)
  if (release === undefined) throw failures.badUsage(`${folder}: the release could not be read.`)
  const failed = await caseReport(folder, one, await known.ecosystem(one.ecosystem))
  const message = renderTask(known.prompts, {
    ...(await contextOf(tree, one.package, release, failed)),
    task: taskOf(one),
    update: { from: one.from, to: one.to, moves: [] },
    report: failed,
  })
  const system = systemPrompt(known.prompts, one.ecosystem)
  const bytes = Buffer.byteLength(message)
  const fixed = Buffer.byteLength(system) + Buffer.byteLength(JSON.stringify(toolManifest))
  const score = scoreContext(message, tree.paths, await readFile(join(folder, 'repair.diff'), 'utf8'))
  return { ...score, name, kinds: one.kinds, bytes, requestBytes: fixed + bytes, message }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  return mean([sorted[Math.ceil(middle) - 1] ?? 0, sorted[Math.floor(middle)] ?? 0])
}

function totals(all: readonly Measured[]) {
  const sum = (pick: (one: Measured) => number) => all.reduce((count, one) => count + pick(one), 0)
  return {
    cases: all.length,
    recall: mean(all.map(({ recall }) => recall)),
    precision: mean(all.map(({ precision }) => precision ?? 0)),
    recallOfLines: sum(({ both }) => both) / sum(({ touched }) => touched),
    precisionOfLines:
      sum(({ both }) => both) /
      Math.max(
        1,
        sum(({ named }) => named),
      ),
    bytes: {
      median: median(all.map(({ bytes }) => bytes)),
      largest: Math.max(...all.map(({ bytes }) => bytes)),
    },
    requestBytes: {
      median: median(all.map(({ requestBytes }) => requestBytes)),
      largest: Math.max(...all.map(({ requestBytes }) => requestBytes)),
    },
  }
}

function percent(rate: number | null): string {
  return rate === null ? '–' : `${(rate * 100).toFixed(0)} %`
}

function report(context: CommandContext, all: readonly Measured[]): string {
  const head = ['', 'touched', 'named', 'recall', 'precision', 'bytes', 'missed']
  const rows = all.map(({ name, touched, named, recall, precision, bytes, missed }) => {
    return [name, `${touched}`, `${named}`, percent(recall), percent(precision), `${bytes}`, missed.join(' ')]
  })
  const sum = totals(all)
  const { bytes, requestBytes } = sum
  return [
    table(head, rows, context.colors),
    `${sum.cases} cases: recall ${percent(sum.recall)}, precision ${percent(sum.precision)} (means of the cases)`,
    `all lines together: recall ${percent(sum.recallOfLines)}, precision ${percent(sum.precisionOfLines)}`,
    `first message: median ${bytes.median} bytes, largest ${bytes.largest}`,
    `first request: median ${requestBytes.median} bytes, largest ${requestBytes.largest}`,
    '',
  ].join('\n')
}

/** `drydock eval context`: how much of what a repair touches the agent's first message names; asks no model. */
export async function evalContext(
  context: CommandContext,
  dir: string,
  flags: ContextFlags,
): Promise<number> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    throw failures.badUsage(`${dir} cannot be read: ${fileTrouble(error)}.`)
  })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  if (names.length === 0) throw failures.badUsage(`${dir} holds no case.`)
  const known = tools(context, await loadAgentPrompts(join(context.assets, 'prompts')))
  const limit = pLimit(2)
  const all = await Promise.all(
    names.toSorted().map((name) => limit(() => measured(context, known, join(dir, name), name))),
  )
  if (flags.json === true) printJson(context, { ...totals(all), results: all })
  else context.stdout.write(report(context, all))
  return exitCodes.done
}
