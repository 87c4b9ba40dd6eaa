import { mkdtemp, readFile, rm, watch, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Browser } from 'playwright-core'
import type { SuiteResults } from '../../vscode/companion/suites.ts'
import { discard } from '../keys.ts'
import { bundle, ROOT } from './codeServer.ts'
import { openWindow } from './window.ts'

/** A suite that runs inside the extension host of every window that is opened. */
export interface HostSuite extends AsyncDisposable {
  /** For the server's environment. */
  readonly env: NodeJS.ProcessEnv
  /** Opens a window and waits for what its extension host found. */
  run(browser: Browser, url: string): Promise<SuiteResults>
}

export async function hostSuite(file: string): Promise<HostSuite> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-suite-'))
  const [suites, results] = [join(home, 'suites.json'), join(home, 'results.json')]
  await bundle([join(ROOT, 'test/vscode/suite', file)], home)
  const modules = [join(home, basename(file).replace(/\.ts$/, '.mjs'))]
  await writeFile(suites, JSON.stringify({ modules, results }))
  return {
    env: { DRYDOCK_TEST_SUITES: suites, DRYDOCK_TEST_ROOT: ROOT },
    async run(browser, url) {
      await rm(results, { force: true })
      const written = firstWrite(home, basename(results))
      await using _window = await openWindow(browser, url)
      await written
      return JSON.parse(await readFile(results, 'utf8')) as SuiteResults
    },
    [Symbol.asyncDispose]: () => discard(home),
  }
}

/** The companion renames the whole file into place. */
async function firstWrite(folder: string, name: string): Promise<void> {
  for await (const { filename } of watch(folder, { signal: AbortSignal.timeout(120_000) })) {
    if (filename === name) return
  }
}
