import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { fixtureSessions } from '../panel/sessions.ts'
import { fixtureRepository, type TestRepository } from '../repository.ts'
import { launchBrowser } from './browser.ts'
import { installExtensions, ROOT, startCodeServer } from './codeServer.ts'
import { until } from './gesture.ts'
import { type EditorWindow, openWindow } from './window.ts'

/** `screenshots.ts [FOLDER]`: every state of the extension in the editor, in three themes, to be looked at. */
const themes = {
  light: 'Default Light Modern',
  dark: 'Default Dark Modern',
  contrast: 'Default High Contrast',
} as const

async function main(folder = join(ROOT, 'test/screenshots')): Promise<void> {
  await mkdir(folder, { recursive: true })
  await using extensions = await installExtensions()
  await using repository = await fixtureRepository('app-with-workspaces')
  const browser = await launchBrowser()
  try {
    for (const [name, theme] of Object.entries(themes)) {
      await shoot(browser, { extensions: extensions.path, repository, theme, path: join(folder, name) })
    }
  } finally {
    await browser.close()
  }
}

interface Shooting {
  readonly extensions: string
  readonly repository: TestRepository
  readonly theme: string
  /** Beginning of the files' names. */
  readonly path: string
}

async function shoot(browser: Browser, { extensions, repository, theme, path }: Shooting): Promise<void> {
  const home = `${path}-home`
  await using server = await startCodeServer({
    extensions,
    settings: { 'workbench.colorTheme': theme, 'window.autoDetectColorScheme': false },
    env: { DRYDOCK_HOME: home },
  })
  await using window = await openWindow(browser, server.windowOf(repository.root))
  const shot = async (name: string): Promise<void> => {
    await settled(window.page)
    await window.page.screenshot({ path: `${path}-${name}.png` })
  }
  await window.showSessions()
  await window.page.getByText('Hand a dependency').waitFor()
  await shot('welcome')
  await pictures(window, home, shot)
}

async function pictures(
  window: EditorWindow,
  home: string,
  shot: (name: string) => Promise<void>,
): Promise<void> {
  await putSessions(join(home, 'sessions'))
  await window.sessions.nth(6).waitFor()
  await shot('sessions')
  await window.openFile('packages/search/package.json')
  await window.page
    .locator('.codelens-decoration', { hasText: 'Update' })
    .first()
    .waitFor({ timeout: 60_000 })
  await shot('manifest')
  await window.sessions.filter({ hasText: 'warning' }).first().click()
  await window.review.locator('.decision').waitFor()
  await shot('review')
  await until(window.rows.filter({ hasText: '→' }), async () => {
    if (!(await window.question('Update Dependency').isVisible()))
      await window.run('Agent: Update Dependency…')
  })
  await shot('update')
  await window.dismiss()
  await window.run('Agent: Doctor')
  await window.review.getByRole('heading', { name: 'Drydock Doctor' }).waitFor({ timeout: 60_000 })
  await shot('doctor')
  await window.run('Welcome: Open Walkthrough...')
  await window.rows.filter({ hasText: 'Drydock' }).first().click()
  await window.page.getByText('A container engine').first().waitFor()
  await shot('walkthrough')
}

/** Two frames without a change of the editor's own progress. */
async function settled(page: Page): Promise<void> {
  await page.mouse.move(700, 890)
  await page.waitForTimeout(1500)
}

async function putSessions(home: string): Promise<void> {
  for (const { id, events, artifacts } of fixtureSessions().values()) {
    const folder = join(home, id)
    await mkdir(join(folder, 'artifacts'), { recursive: true })
    for (const [digest, bytes] of artifacts) await writeFile(join(folder, 'artifacts', digest), bytes)
    const [created] = events
    if (created?.type === 'session.created')
      await writeFile(join(folder, 'task.json'), JSON.stringify(created.task))
    await writeFile(
      join(folder, 'events.jsonl'),
      events.map((event) => `${JSON.stringify(event)}\n`).join(''),
    )
  }
}

await main(process.argv[2])
