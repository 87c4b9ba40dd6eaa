import { existsSync } from 'node:fs'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { z } from 'zod'
import { makeRepository, writeFiles } from '../support/madeRepository.ts'
import { Choice, choose, describeChoice } from './choice.ts'
import { runDrydock, type Said } from './drydock.ts'
import { type Host, type Ran, runOnHost } from './host.ts'
import { baseVersion, targetOf } from './library.ts'
import { runMavenOnHost } from './maven/host.ts'
import { mavenProject } from './maven/project.ts'
import { type Project, projectOf, requestOf } from './project.ts'
import type { TruthRegistry } from './registry.ts'
import { type Decided, decide, Judgement } from './verdict.ts'

/** One line of the results. */
export const Result = z.strictObject({
  seed: z.int().nonnegative(),
  project: z.string(),
  choice: Choice,
  judgement: Judgement,
  why: z.string(),
  /** What the session said, in a word. */
  said: z.string(),
  words: z.string(),
  /** Tests of the base that passed outside, and those that the session has by name. */
  tests: z.int().nonnegative(),
  named: z.int().nonnegative().optional(),
  /** Where the project lies, of a trial that keeps it. */
  folder: z.string().optional(),
  seconds: z.strictObject({ host: z.number(), drydock: z.number(), patched: z.number() }),
})
export type Result = z.infer<typeof Result>

export interface Bench {
  readonly host: Host
  readonly registry: TruthRegistry
  /** Where sessions live; what is prepared there stays warm from one seed to the next. */
  readonly home: string
  /** Lets sessions run one after the other: beside one of them goes on what another seed does outside. */
  readonly inTurn: <T>(session: () => Promise<T>) => Promise<T>
  /** Keeps the folders of a trial. */
  readonly keep?: boolean
}

const lockFiles = ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock'] as const

/** Makes the project of a seed, runs it outside the sandbox before and after the update, asks Drydock, compares. */
export async function runTrial(seed: number, bench: Bench, choice: Choice = choose(seed)): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), `drydock-truth-${seed}-`))
  try {
    const result = await trial(seed, choice, folder, bench)
    return bench.keep === true ? { ...result, folder } : result
  } finally {
    if (bench.keep !== true) await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function trial(seed: number, choice: Choice, folder: string, bench: Bench): Promise<Result> {
  const marks = join(tmpdir(), `drydock-truth-${seed}.marks`)
  const target = targetOf(choice)
  const make = choice.manager === 'maven' ? mavenProject : projectOf
  const [before, later] = [make(choice, baseVersion, marks), make(choice, target, marks)]
  const [outside, repository] = [join(folder, 'outside'), join(folder, 'repository')]
  const host = clock()
  await writeFiles(outside, before.files)
  bench.registry.show(undefined)
  const base = await runOutside(bench, outside, choice, before, { marks })
  const lock = await lockOf(outside, before, choice)
  await makeRepository(repository, { ...before.files, ...lock })
  bench.registry.show(target)
  await writeFiles(outside, later.files)
  const after = await runOutside(bench, outside, choice, later, { marks })
  const hostSeconds = host()
  const place = join(repository, before.place)
  const { said, seconds: drydockSeconds } = await bench.inTurn(async () => {
    const asked = clock()
    return {
      said: await runDrydock(place, requestOf(choice, before), bench.host.env, bench.home),
      seconds: asked(),
    }
  })
  const tried = clock()
  const patched = await tryPatch(bench, choice, { outside, repository, project: before, said, marks })
  const decided = decide({ choice, target, base, after, said, ...(patched === undefined ? {} : { patched }) })
  await rm(marks, { force: true })
  const seconds = { host: hostSeconds, drydock: drydockSeconds, patched: tried() }
  return resultOf(seed, choice, decided, said, base, seconds)
}

function resultOf(
  seed: number,
  choice: Choice,
  { judgement, why }: Decided,
  said: Said,
  base: Ran,
  seconds: Result['seconds'],
): Result {
  const named = said.named === undefined ? {} : { named: said.named }
  const project = describeChoice(choice)
  return {
    seed,
    project,
    choice,
    judgement,
    why,
    said: said.kind,
    words: said.words,
    tests: base.passed.length,
    ...named,
    seconds,
  }
}

type Options = Parameters<typeof runOnHost>[4]

function runOutside(
  { host }: Bench,
  folder: string,
  choice: Choice,
  project: Project,
  options: Options,
): Promise<Ran> {
  return choice.manager === 'maven'
    ? runMavenOnHost(host, folder, project, options)
    : runOnHost(host, folder, choice, project, options)
}

function clock(): () => number {
  const start = performance.now()
  return () => Math.round((performance.now() - start) / 100) / 10
}

async function lockOf(folder: string, project: Project, choice: Choice): Promise<Record<string, string>> {
  if (!choice.lock) return {}
  const found = lockFiles
    .map((name) => join(project.place, name))
    .filter((path) => existsSync(join(folder, path)))
  return Object.fromEntries(
    await Promise.all(found.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const)),
  )
}

interface Tried {
  readonly outside: string
  readonly repository: string
  readonly project: Project
  readonly said: Said
  readonly marks: string
}

/** What would be merged, installed from its own lock file outside the sandbox. */
async function tryPatch(bench: Bench, choice: Choice, tried: Tried): Promise<Ran | undefined> {
  const { outside, repository, project, said, marks } = tried
  if (said.patch === undefined) return undefined
  const file = `${repository}.patch`
  await writeFile(file, said.patch)
  await execa('git', ['apply', '--whitespace=nowarn', file], { cwd: repository })
  await cp(repository, outside, { recursive: true, filter: (path) => !path.endsWith('/.git') })
  return await runOutside(bench, outside, choice, project, { marks, frozen: choice.lock, steps: [] })
}
