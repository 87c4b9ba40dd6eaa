import type { Patch } from '../../contract/patch.ts'
import type { Report, TestResult } from '../../contract/report.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { Ecosystem, Project } from '../ecosystems/ecosystem.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { BareRepository } from '../git/repository.ts'
import { acknowledge, stem } from './integrity/change.ts'
import { isFile } from './labels.ts'
import { cutShort, stepOk, stepsOf } from './steps.ts'

/**
 * The patched tree with the base's tests, test and lint configuration and scripts laid over it: what the patch changed
 * of them is as before, what it added is gone. Undefined where the patch touches none, and the second run is needless.
 */
export async function overlayTree(
  repository: BareRepository,
  ecosystem: Ecosystem,
  request: {
    readonly baseTree: string
    readonly patchedTree: string
    readonly patch: Patch
    readonly project: Project
  },
): Promise<string | undefined> {
  const { baseTree, patchedTree, patch, project } = request
  const files = new Map<string, Buffer | null>()
  for (const { path, role } of patch.files) {
    if (role !== 'test' && role !== 'config') continue
    files.set(path, (await repository.read(baseTree, path)) ?? null)
  }
  const [base, patched] = await Promise.all([
    treeView(repository, baseTree),
    treeView(repository, patchedTree),
  ])
  const pinned = (await ecosystem.pinScripts?.(base, patched, project, true)) ?? new Map<string, Buffer>()
  for (const [path, bytes] of pinned) files.set(path, bytes)
  return files.size === 0 ? undefined : await repository.withFiles(patchedTree, files)
}

/** An assertion that did not hold: the behaviour differs, and no test kit explains that. */
const assertion =
  /\b(Assertion(Failed)?Error|ERR_ASSERTION|AssertionFailed)\b|\bexpect\(.*\)\.|^\s*expected\b|Expected .*(Received|to (be|equal|have|match))/im
const frame = /(?:\(|at |^\s*)(?:file:\/\/)?(\/?[^\s():]+\.[cm]?[jt]sx?):\d+/gm

/** The first file of the project that a stack trace names, or the one that asked for a module that is not there. */
function firstFrame(message: string): string | undefined {
  const importer = /^Require stack:\s*\n- (.+)$/m.exec(message)?.[1]
  if (importer !== undefined) return importer.trim()
  const files = [...message.matchAll(frame)].map(([, file = '']) => file)
  return files.find((file) => !file.includes('node_modules/') && !file.startsWith('node:'))
}

/** What a run says went wrong in a file: its own result, and what the log's summary knows of it. */
function errorsOf(report: Report, test: Pick<TestResult, 'id' | 'file'>): string[] {
  const ids = new Set([test.id, test.file])
  const own = report.tests.filter(({ id, outcome }) => ids.has(id) && outcome === 'failed')
  const summary = report.steps.flatMap((step) => step.summary?.failures ?? [])
  const told = summary.filter(({ file }) => file !== undefined && file === test.file)
  return [
    ...own.map(({ message }) => message ?? ''),
    ...told.map(({ message }) => `${message}\n${test.file}:1`),
  ]
}

/** The run failed the test by an error in its own file, not by what it asserts and not by the code it tests. */
function failedByItself(report: Report, test: Pick<TestResult, 'id' | 'file'>): boolean {
  const { file } = test
  if (file === undefined) return false
  return errorsOf(report, test).some((message) => {
    if (assertion.test(message)) return false
    const first = firstFrame(message)
    return first === undefined ? message.includes(file) : first === file || first.endsWith(`/${file}`)
  })
}

/** Changed configuration that the failing step of both runs names. */
function namedConfiguration(
  step: 'build' | 'test' | 'lint',
  runs: readonly Report[],
  patch: Patch,
): string[] {
  const texts = runs.map((run) =>
    stepsOf(run, step)
      .map(({ summary }) => summary?.text ?? '')
      .join('\n'),
  )
  if (runs.some((run) => stepOk(run, step) !== false || cutShort(run, step))) return []
  return patch.files
    .filter(({ role }) => role === 'config')
    .map(({ path }) => path)
    .filter((path) => texts.every((text) => text.includes(configurationName(path))))
}

/** `eslint.config` of `eslint.config.js`: tools name the alternatives they look for. */
function configurationName(path: string): string {
  const name = path.split('/').at(-1) ?? path
  return name.replace(/(.)\.[^.]+$/, '$1') || stem(path)
}

/**
 * Test files of the patch that the compiler refused in both runs, where they are all that kept the second from being
 * built: languages that compile tests run none of a module where one of its files has an error.
 */
function uncompiledTests(update: Report, overlay: Report, patch: Patch): ReadonlySet<string> {
  const errors = (run: Report): ReadonlySet<string | undefined> => {
    if (stepOk(run, 'build') !== false || cutShort(run, 'build')) return new Set()
    const failed = stepsOf(run, 'build').filter(({ exitCode }) => exitCode !== 0)
    const found = failed.flatMap(({ summary }) =>
      summary?.category === 'COMPILATION_FAILURE' ? summary.failures.map(({ file }) => file) : [undefined],
    )
    return new Set(found)
  }
  const [before, now] = [errors(update), errors(overlay)]
  const compiled = patch.files.filter(
    ({ role, path }) => role === 'test' && /\.(java|kt|groovy|scala)$/.test(path),
  )
  const tests = new Set(compiled.map(({ path }) => path))
  const files = [...now].flatMap((file) => (file === undefined ? [] : [file]))
  const explained = files.length === now.size && files.every((file) => tests.has(file) && before.has(file))
  return new Set(explained ? files : [])
}

export interface DoubleCheck {
  /** The overlay run differs in nothing, or in what the update itself had broken of the test kit. */
  readonly accepted: boolean
  readonly reasons: readonly string[]
  /** One for each file whose change a person must acknowledge. */
  readonly warnings: readonly Warning[]
}

/**
 * Compares the run with the base's test kit laid over with the base. A test that no longer passes is accepted only where
 * the patch changes its file, and the update run and the overlay run both failed it by an error in that file; a step
 * only where both name a changed configuration, or where nothing but such files kept the tests from being compiled: what
 * the patch did not touch then ran as it is in the run before.
 */
export function doubleCheck(runs: {
  readonly base: Report
  readonly update: Report
  readonly overlay: Report
  readonly patch: Patch
}): DoubleCheck {
  const { base, update, overlay, patch } = runs
  if (overlay.setupError !== undefined) {
    return {
      accepted: false,
      reasons: [`The base's tests could not be run: ${overlay.setupError}`],
      warnings: [],
    }
  }
  const uncompiled = uncompiledTests(update, overlay, patch)
  const kitFiles = new Set<string>(uncompiled)
  const reasons: string[] = []
  for (const step of ['build', 'test', 'lint'] as const) {
    if (stepOk(base, step) !== true || stepOk(overlay, step) === true) continue
    const named = namedConfiguration(step, [update, overlay], patch)
    for (const path of named) kitFiles.add(path)
    const byTests = step === 'test' && overlay.tests.some(({ outcome }) => outcome === 'failed')
    const byCompiler = uncompiled.size > 0 && step !== 'lint'
    if (named.length === 0 && !byTests && !byCompiler)
      reasons.push(`With the base's test kit the ${step} fails.`)
  }
  const changed = new Set(patch.files.map(({ path }) => path))
  const now = new Map(overlay.tests.map((test) => [test.id, test]))
  const unloaded = now.size === 0 && namedConfiguration('test', [update, overlay], patch).length > 0
  const lost: string[] = []
  for (const test of base.tests) {
    if (test.outcome !== 'passed' || isFile(test) || now.get(test.id)?.outcome === 'passed') continue
    if (unloaded || (uncompiled.size > 0 && !changed.has(test.file ?? '') && !now.has(test.id))) continue
    const excused =
      changed.has(test.file ?? '') && [update, overlay].every((run) => failedByItself(run, test))
    if (excused && test.file !== undefined) kitFiles.add(test.file)
    else lost.push(test.id)
  }
  if (lost.length > 0) {
    const more = lost.length > 3 ? ` and ${lost.length - 3} more` : ''
    reasons.push(`Tests that pass only as the patch rewrote them: ${lost.slice(0, 3).join('; ')}${more}.`)
  }
  const warnings = [...kitFiles].map((path) =>
    acknowledge(
      `test-kit:${path}`,
      path,
      `${path} had to change with the test kit: the base's own no longer runs.`,
    ),
  )
  return { accepted: reasons.length === 0, reasons, warnings }
}
