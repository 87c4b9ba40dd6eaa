import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSessionStore } from '../src/extension/sessions/sessionStore.ts'
import { fixtureRepository } from '../test/support/repository.ts'
import { launchBrowser } from '../test/support/vscode/browser.ts'
import { installExtensions, packExtension, startCodeServer } from '../test/support/vscode/codeServer.ts'
import { hostSuite } from '../test/support/vscode/hostSuite.ts'
import { fillSessions } from '../test/support/vscode/manySessions.ts'
import { openWindow } from '../test/support/vscode/window.ts'
import { fromPress, quiet } from './press.ts'
import { type BenchRow, median } from './row.ts'

const windows = 10
const sessions = 2000

/** The packaged extension in code-server: its size, its start, and a long list of sessions. */
export async function extensionRows(): Promise<readonly BenchRow[]> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-bench-'))
  try {
    const vsix = join(home, 'drydock.vsix')
    await packExtension(vsix)
    const megabytes = (await stat(vsix)).size / 1_000_000
    await using extensions = await installExtensions(vsix)
    await using repository = await fixtureRepository('clean-update')
    return [
      row('.vsix', megabytes, 'MB', 3),
      ...(await listRows(home, repository.root)),
      ...(await treeRows(extensions.path, home, repository.root)),
      ...(await activationRows(extensions.path, repository.root)),
    ]
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

function row(what: string, value: number, unit: string, most: number): BenchRow {
  return { what, value, unit, goal: `≤ ${most}`, ok: value <= most }
}

/** The store alone: once from the logs, once with what the first time kept. */
async function listRows(home: string, root: string): Promise<readonly BenchRow[]> {
  const place = join(home, 'sessions')
  // Of the repository that is open later: the status bar, which is waited for, counts no other.
  await fillSessions(place, sessions, root)
  const times: number[] = []
  for (let run = 0; run < 6; run += 1) {
    const started = performance.now()
    const store = openSessionStore({ home: place, cacheFile: join(home, 'summaries.json') })
    await store.ready
    times.push(performance.now() - started)
    if (store.list().length !== sessions) throw new Error(`${store.list().length} sessions were listed`)
    await store.dispose()
  }
  const [first = Number.NaN, ...again] = times
  const never = { goal: 'none', ok: true }
  return [
    { what: `${sessions} sessions, never seen before, listed`, value: first, unit: 'ms', ...never },
    row(`${sessions} sessions, seen before, listed`, median(again), 'ms', 300),
  ]
}

/** In the editor, and what the editor takes for a view with a single session in it. */
async function treeRows(extensions: string, home: string, root: string): Promise<readonly BenchRow[]> {
  const alone = join(home, 'alone')
  await fillSessions(join(alone, 'sessions'), 1, root)
  return [
    row(
      `${sessions} sessions, from the click to the rows in the tree`,
      await treeMs({ extensions, root, home, rows: 20 }),
      'ms',
      300,
    ),
    {
      what: '  the same with one session',
      value: await treeMs({ extensions, root, home: alone, rows: 2 }),
      ...{ unit: 'ms', goal: 'none', ok: true },
    },
  ]
}

interface Tree {
  readonly extensions: string
  readonly root: string
  readonly home: string
  /** That must be there: no more than fit into the window. */
  readonly rows: number
}

/** With the view opened for the first time in its window. */
async function treeMs({ extensions, root, home, rows }: Tree): Promise<number> {
  await using server = await startCodeServer({ extensions, env: { DRYDOCK_HOME: home } })
  const browser = await launchBrowser()
  try {
    const times: number[] = []
    for (let run = 0; run < 5; run += 1) {
      await using window = await openWindow(browser, server.windowOf(root))
      const { page } = window
      await page.locator('.statusbar-item', { hasText: 'to review' }).waitFor()
      await quiet(page)
      const open = page.locator('.activitybar a.action-label[aria-label^="Drydock"]')
      const row = page.locator('#workbench\\.view\\.extension\\.drydock .monaco-list-row').nth(rows - 1)
      times.push(await fromPress(page, () => open.click(), row))
    }
    return median(times)
  } finally {
    await browser.close()
  }
}

/** In a fresh extension host each time, with nothing to start it but the measurement. */
async function activationRows(extensions: string, root: string): Promise<readonly BenchRow[]> {
  const [folder = ''] = (await readdir(extensions)).filter((name) => name.startsWith('drydock.drydock-'))
  const file = join(extensions, folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...manifest, activationEvents: [] }))
  await using suite = await hostSuite('activation.ts')
  await using server = await startCodeServer({ extensions, env: suite.env })
  const browser = await launchBrowser()
  try {
    const times: number[] = []
    const busy: number[] = []
    for (let run = 0; run < windows; run += 1) {
      const { failures, tests, figures } = await suite.run(browser, server.windowOf(root))
      if (failures > 0) throw new Error(JSON.stringify(tests))
      times.push(figures.activationMs ?? Number.NaN)
      busy.push(figures.activationCpuMs ?? Number.NaN)
    }
    const what = `activation, median of ${windows} windows`
    return [
      row(what, median(times), 'ms', 50),
      {
        what: `${what}, processor time of the extension host`,
        value: median(busy),
        unit: 'ms',
        goal: 'none',
        ok: true,
      },
    ]
  } finally {
    await browser.close()
  }
}
