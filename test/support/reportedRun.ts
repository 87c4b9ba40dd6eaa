import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { execa } from 'execa'
import type { TestCounts, TestResult } from '../../src/contract/report.ts'
import { counts } from '../../src/runner/ecosystems/npm/counts.ts'
import { launch, reporterEnv } from '../../src/runner/ecosystems/npm/reporters.ts'
import { npmResults, unnamedParts } from '../../src/runner/ecosystems/npm/results.ts'
import { bundleReporters } from './bundleReporters.ts'
import { installed } from './runners.ts'

export interface ReportedRun {
  readonly exitCode: number | undefined
  readonly stdout: string
  readonly stderr: string
  /** `id outcome`, sorted. */
  readonly tests: readonly string[]
  readonly messages: ReadonlyMap<string, string>
  readonly counts: TestCounts | undefined
  readonly unnamed: readonly string[]
}

export interface RunOptions {
  /** Folder whose `node_modules` the project has. */
  readonly runner?: string
  readonly node: number
  /** Without reporters: as a user runs it. */
  readonly reported?: boolean
  readonly members?: readonly string[]
}

export interface ReportedRuns extends AsyncDisposable {
  /** Runs `script` as a package script would be, in a project of these files. */
  run(files: Readonly<Record<string, string>>, script: string, options: RunOptions): Promise<ReportedRun>
}

/** Reporters as the images carry them, and projects of a few files to run them in, on this machine. */
export async function reportedRuns(): Promise<ReportedRuns> {
  const reporters = await bundleReporters()
  const root = await mkdtemp(path.join(os.tmpdir(), 'drydock-reporter-projects-'))

  async function projectOf(files: Readonly<Record<string, string>>, runner?: string): Promise<string> {
    const project = await mkdtemp(path.join(root, 'p-'))
    // Without a manifest of its own Node and package managers take one that lies anywhere above.
    for (const [name, text] of Object.entries({ 'package.json': '{}', ...files })) {
      await mkdir(path.dirname(path.join(project, name)), { recursive: true })
      await writeFile(path.join(project, name), text)
    }
    if (runner !== undefined) {
      await symlink(path.join(runner, 'node_modules'), path.join(project, 'node_modules'))
    }
    return project
  }

  return {
    async run(files, script, options) {
      const project = await projectOf(files, options.runner)
      const node = options.node === 24 ? path.dirname(process.execPath) : await nodeBin(options.node)
      const out = path.join(root, `results-${path.basename(project)}`)
      const env = {
        HOME: project,
        CI: 'true',
        NO_COLOR: '1',
        PATH: `${project}/node_modules/.bin:${node}:/usr/bin:/bin`,
      }
      const reporting = { folder: reporters, results: out, nodeMajor: options.node }
      const argv = ['sh', '-c', script]
      const plain = options.reported === false
      const [file = 'sh', ...rest] = plain ? argv : launch(argv, { place: out, reporting })
      const child = await execa(file, rest, {
        cwd: project,
        env: plain ? env : { ...env, ...reporterEnv(reporting) },
        extendEnv: false,
        reject: false,
        all: true,
      })
      const lines = await resultFiles(out)
      const tests = npmResults(lines, child.all, project) ?? []
      return {
        exitCode: child.exitCode,
        stdout: child.stdout.replaceAll(project, '<project>'),
        stderr: child.stderr.replaceAll(project, '<project>'),
        ...readable(tests),
        counts: counts(child.all),
        unnamed: unnamedParts(lines, tests, { sure: [], members: options.members ?? [], root: project }),
      }
    },
    async [Symbol.asyncDispose]() {
      await rm(reporters, { recursive: true, force: true })
      await rm(root, { recursive: true, force: true })
    },
  }
}

function readable(tests: readonly TestResult[]): Pick<ReportedRun, 'tests' | 'messages'> {
  return {
    tests: tests.map((test) => `${test.id} ${test.outcome}`).sort(),
    messages: new Map(tests.map((test) => [test.id, test.message ?? ''])),
  }
}

async function resultFiles(out: string): Promise<ReadonlyMap<string, Buffer>> {
  const names = (await readdir(out).catch(() => [])).filter((name) => /\.(jsonl|tap)$/.test(name))
  const read = names.map(async (name) => [name, await readFile(path.join(out, name))] as const)
  return new Map(await Promise.all(read))
}

async function nodeBin(major: number): Promise<string> {
  return path.join(await installed('node', major), 'node_modules/node/bin')
}
