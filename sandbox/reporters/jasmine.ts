import type { ResultLine } from '../../src/contract/resultLine.ts'
import { comparedOf, durationOf, messageOf, quietly, type Write } from './record.ts'

interface Done {
  readonly description: string
  readonly filename?: string | null
  readonly status?: string
  readonly duration?: number | null
  readonly failedExpectations?: readonly { readonly message?: string; readonly stack?: string }[]
}

interface Reporter {
  suiteStarted(suite: Done): void
  suiteDone(suite: Done): void
  specDone(spec: Done): void
}

interface Env {
  addReporter(reporter: Reporter): void
  clearReporters?(): void
}

interface Booted {
  getEnv?(): Env
  readonly jasmine?: { getEnv(): Env }
}

interface Core {
  boot?: (...rest: unknown[]) => Booted
  noGlobals?: (...rest: unknown[]) => Booted
  /** From 7 on there is nothing to boot. */
  readonly jasmine?: { getEnv(): Env }
}

function outcomeOf(status: string | undefined): ResultLine['outcome'] {
  return status === 'passed' || status === 'failed' ? status : 'skipped'
}

function reporterOf(record: Write): Reporter {
  const suites: string[] = []
  const write = (done: Done, title: string, outcome: ResultLine['outcome']) => {
    const failure = done.failedExpectations?.[0]
    record({
      ...(typeof done.filename === 'string' && /^(\/|[A-Za-z]:)/.test(done.filename)
        ? { file: done.filename }
        : {}),
      suite: [...suites],
      title,
      outcome,
      durationMs: durationOf(done.duration),
      ...(outcome === 'failed' ? { message: messageOf(failure), ...comparedOf(failure) } : {}),
    })
  }
  return {
    suiteStarted: (suite) => void suites.push(suite.description),
    suiteDone: (suite) => {
      if ((suite.failedExpectations?.length ?? 0) > 0) quietly(() => write(suite, '', 'failed'))
      suites.pop()
    },
    specDone: (spec) => void quietly(() => write(spec, spec.description, outcomeOf(spec.status))),
  }
}

const seen = new WeakSet<Env>()

/** Adds a reporter beside the user's, and again where the user's own takes all others away. */
function observeEnv(env: Env, record: Write): void {
  if (seen.has(env)) return
  seen.add(env)
  const reporter = reporterOf(record)
  env.addReporter(reporter)
  const clear = env.clearReporters
  if (clear === undefined) return
  env.clearReporters = () => {
    clear.call(env)
    quietly(() => env.addReporter(reporter))
  }
}

export function observeJasmine(core: Core, record: Write): Core {
  for (const name of ['boot', 'noGlobals'] as const) {
    const boot = core[name]
    if (boot === undefined) continue
    core[name] = (...rest) => {
      const booted = boot(...rest)
      quietly(() => {
        const env = booted.getEnv?.() ?? booted.jasmine?.getEnv()
        if (env !== undefined) observeEnv(env, record)
      })
      return booted
    }
  }
  if (core.boot === undefined && core.jasmine !== undefined) observeEnv(core.jasmine.getEnv(), record)
  return core
}
