import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { largeDiff, longSession } from '../test/support/panel/large.ts'
import type { SessionLog } from '../test/support/panel/log.ts'
import { fixtureSessions } from '../test/support/panel/sessions.ts'
import { fixtureRepository } from '../test/support/repository.ts'
import { launchBrowser } from '../test/support/vscode/browser.ts'
import { type CodeServer, installExtensions, startCodeServer } from '../test/support/vscode/codeServer.ts'
import { openWindow } from '../test/support/vscode/window.ts'
import { fromPress, quiet } from './press.ts'
import { type BenchRow, median } from './row.ts'

const runs = 5
const coloured = '.line .hljs-string'

/** The review panel in code-server, from the click on a session's row until its evidence is drawn, colours included. */
export async function reviewRows(): Promise<readonly BenchRow[]> {
  const small = fixtureSessions().get('review')
  if (small === undefined) throw new Error('there is no fixture of a review')
  await using extensions = await installExtensions()
  await using repository = await fixtureRepository('clean-update')
  const browser = await launchBrowser()
  const measure = (log: SessionLog, drawn: string): Promise<number> =>
    opened(browser, { extensions: extensions.path, root: repository.root, log, drawn })
  try {
    const diff = await measure(largeDiff(), coloured)
    const long = await measure(longSession(), '.turn')
    return [
      row('in the editor: panel, diff of 10,000 lines, from the click', diff, 1.5),
      row('in the editor: panel, session of 20,000 events, from the click', long, 1),
      row('  the same with a small session', await measure(small, coloured)),
    ]
  } finally {
    await browser.close()
  }
}

function row(what: string, value: number, most?: number): BenchRow {
  const goal = most === undefined ? 'none' : `≤ ${most}`
  return { what, value, unit: 's', goal, ok: most === undefined || value <= most }
}

interface Opening {
  readonly extensions: string
  readonly root: string
  readonly log: SessionLog
  readonly drawn: string
}

/** Median, in seconds, over windows in which no panel was open before. */
async function opened(browser: Browser, { extensions, root, log, drawn }: Opening): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'drydock-bench-'))
  try {
    await writeSession(join(home, 'sessions', log.id), log)
    await using server = await startCodeServer({ extensions, env: { DRYDOCK_HOME: home } })
    const times: number[] = []
    for (let run = 0; run < runs; run += 1) times.push(await once(browser, server, root, drawn))
    return median(times) / 1000
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

async function once(browser: Browser, server: CodeServer, root: string, drawn: string): Promise<number> {
  await using window = await openWindow(browser, server.windowOf(root))
  await window.showSessions()
  const session = window.page.locator('#workbench\\.view\\.extension\\.drydock .monaco-list-row').nth(1)
  await session.waitFor()
  await quiet(window.page)
  return await fromPress(window.page, () => session.click(), window.review.locator(drawn).first())
}

async function writeSession(folder: string, log: SessionLog): Promise<void> {
  await mkdir(join(folder, 'artifacts'), { recursive: true })
  for (const [digest, bytes] of log.artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
  await writeFile(join(folder, 'events.jsonl'), log.text)
}
