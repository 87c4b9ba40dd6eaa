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
      ...(await listRows(home)),
      row(
        `${sessions} sessions, from the click to the rows in the tree`,
        await treeMs(extensions.path, home, repository.root),
        'ms',
        300,
      ),
      row('activation, median of 10 windows', await activationMs(extensions.path, repository.root), 'ms', 50),
    ]
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

function row(what: string, value: number, unit: string, most: number): BenchRow {
  return { what, value, unit, goal: `≤ ${most}`, ok: value <= most }
}

/** The store alone: once from the logs, once with what the first time kept. */
async function listRows(home: string): Promise<readonly BenchRow[]> {
  const place = join(home, 'sessions')
  await fillSessions(place, sessions)
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

/** In the editor, with the view opened for the first time in its window. */
async function treeMs(extensions: string, home: string, root: string): Promise<number> {
  await using server = await startCodeServer({ extensions, env: { DRYDOCK_HOME: home } })
  const browser = await launchBrowser()
  try {
    const times: number[] = []
    for (let run = 0; run < 5; run += 1) {
      await using window = await openWindow(browser, server.windowOf(root))
      await window.page.locator('.statusbar-item', { hasText: 'to review' }).waitFor()
      const started = performance.now()
      await window.showSessions()
      await window.sessions.nth(5).waitFor()
      times.push(performance.now() - started)
    }
    return median(times)
  } finally {
    await browser.close()
  }
}

/** In a fresh extension host each time, with nothing to start it but the measurement. */
async function activationMs(extensions: string, root: string): Promise<number> {
  const [folder = ''] = (await readdir(extensions)).filter((name) => name.startsWith('drydock.drydock-'))
  const file = join(extensions, folder, 'package.json')
  const manifest = JSON.parse(await readFile(file, 'utf8')) as object
  await writeFile(file, JSON.stringify({ ...manifest, activationEvents: [] }))
  await using suite = await hostSuite('activation.ts')
  await using server = await startCodeServer({ extensions, env: suite.env })
  const browser = await launchBrowser()
  try {
    const times: number[] = []
    for (let run = 0; run < windows; run += 1) {
      const { failures, tests, figures } = await suite.run(browser, server.windowOf(root))
      if (failures > 0) throw new Error(JSON.stringify(tests))
      times.push(figures.activationMs ?? Number.NaN)
    }
    return median(times)
  } finally {
    await browser.close()
  }
}
