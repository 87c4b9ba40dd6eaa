import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { until } from '../support/vscode/gesture.ts'
import { openWindow } from '../support/vscode/window.ts'
import { openWorld, type World } from '../support/vscode/world.ts'

describe('a folder that is not trusted', () => {
  let world: World
  before(async () => {
    const settings = {
      'security.workspace.trust.startupPrompt': 'never',
      'security.workspace.trust.banner': 'never',
    }
    world = await openWorld({
      ...{ fixture: 'clean-update', settings, workspaceTrust: true },
    })
  })
  after(async () => {
    await world?.[Symbol.asyncDispose]()
  })

  it('gets no command and no session; trusted, it gets both', async () => {
    await using window = await openWindow(world.browser, world.url())
    await window.showSessions()
    await window.page.getByText('does nothing until you trust it').waitFor()
    await until(window.input, () => window.page.keyboard.press('F1'))
    await window.input.fill('>Agent: Update')
    await window.rows
      .filter({ hasText: 'No matching' })
      .or(window.rows.filter({ hasText: 'similar commands' }))
      .first()
      .waitFor()
    assert.equal(await window.rows.filter({ hasText: 'Agent: Update Dependency' }).count(), 0)
    await window.dismiss()
    assert.deepEqual(await readdir(world.store.home), [])
    await window.page.getByRole('button', { name: 'Manage Workspace Trust' }).click()
    await window.page.getByRole('button', { name: 'Trust', exact: true }).click()
    await window.page.getByText('You trust this folder').waitFor()
    // The page of it lies over everything, and the button that had the focus is gone.
    const page = window.page.locator('.modal-editor-part')
    await page.waitFor()
    await until(page, () => page.locator('.codicon-close').first().click({ timeout: 4_000 }), {
      state: 'hidden',
    })
    assert.ok((await window.palette('Agent: Update')).includes('Agent: Update Dependency…'))
    await window.page.getByText('Hand a dependency to the background agent').waitFor()
  })
})
