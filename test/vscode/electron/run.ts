import { runSuites } from '../companion/suites.ts'

/** What `@vscode/test-electron` calls in the extension host. */
export async function run(): Promise<void> {
  const { failures, tests } = await runSuites([process.env.DRYDOCK_TEST_SUITE ?? ''])
  for (const { title, error } of tests)
    console.log(error === undefined ? `ok ${title}` : `not ok ${title}\n${error}`)
  if (failures > 0) throw new Error(`${failures} tests failed`)
}
