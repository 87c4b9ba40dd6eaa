import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import type Mocha from 'mocha'

export interface SuiteResults {
  readonly tests: readonly { readonly title: string; readonly error?: string }[]
  readonly failures: number
  /** What suites measured, by name. */
  readonly figures: Readonly<Record<string, number>>
}

/** Runs mocha here, over suites that were bundled with `vscode` left to the extension host. */
export async function runSuites(modules: readonly string[]): Promise<SuiteResults> {
  const require = createRequire(`${process.env.DRYDOCK_TEST_ROOT}/package.json`)
  const loaded = (await import(pathToFileURL(require.resolve('mocha')).href)) as { default: typeof Mocha }
  const mocha = new loaded.default({ ui: 'bdd', timeout: 60_000, reporter: 'min' })
  mocha.suite.emit('pre-require', globalThis, '', mocha)
  for (const module of modules) await import(pathToFileURL(module).href)
  const tests: { title: string; error?: string }[] = []
  const failures = await new Promise<number>((resolve) => {
    const runner = mocha.run(resolve)
    runner.on('pass', (test) => void tests.push({ title: test.fullTitle() }))
    runner.on('fail', (test, error) =>
      tests.push({ title: test.fullTitle(), error: String(error?.stack ?? error) }),
    )
  })
  const { drydockFigures: figures = {} } = globalThis as { drydockFigures?: Record<string, number> }
  return { tests, failures, figures }
}
