import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { git } from '../support/repository.ts'
import type { EditorWindow } from '../support/vscode/window.ts'
import { openWorld, type World } from '../support/vscode/world.ts'

describe('places where a person looks for an update', () => {
  let world: World
  let window: EditorWindow
  before(async () => {
    world = await openWorld({ fixture: 'app-with-workspaces' })
    window = await world.open()
  })
  after(async () => {
    await window?.[Symbol.asyncDispose]()
    await world?.[Symbol.asyncDispose]()
  })

  it('has a code lens above an outdated dependency, and none above the others', async () => {
    await window.openFile('packages/search/package.json')
    const lens = window.page.locator('.codelens-decoration', { hasText: 'Update' })
    await lens.first().waitFor()
    assert.match((await lens.allInnerTexts()).join(), /Update \d.* → \d/)
  })

  it('has the command in the title of a manifest, for its own dependencies', async () => {
    await window.openFile('packages/web/package.json')
    await window.page.locator('.editor-actions a[aria-label^="Update Dependency"]').click()
    await window.rows.filter({ hasText: '→' }).first().waitFor()
    const rows = await window.rows.allInnerTexts()
    assert.ok(
      rows.some((row) => row.includes('escape-string-regexp')),
      rows.join('\n'),
    )
    await window.dismiss()
  })

  it('says what a session would not see of a dirty work tree', async () => {
    await writeFile(join(world.root, 'package.json'), '{ "name": "changed" }\n')
    await window.ask('Agent: Update Dependency…', 'Update Dependency')
    await window.input.fill('escape-string-regexp@5')
    await window.choose('As typed')
    await window.rows.filter({ hasText: 'Package the last commit' }).waitFor()
    await window.rows.filter({ hasText: '1 file has uncommitted changes' }).waitFor()
    await window.dismiss()
    await git(world.root, 'checkout', '--', 'package.json')
    assert.deepEqual(world.store.list(), [])
  })

  it('keeps a key out of sight, and shows the doctor as a page', async () => {
    await window.ask('Agent: Set API Key', 'Set API Key')
    assert.equal(await window.input.getAttribute('type'), 'password')
    await window.dismiss()
    await window.run('Agent: Doctor')
    await window.review.getByRole('heading', { name: 'Drydock Doctor' }).waitFor()
    await window.review.getByText('Ready.').first().waitFor()
  })

  it('ticks the steps of the walkthrough that are done already, and no others', async () => {
    await window.run('Welcome: Open Walkthrough...')
    await window.choose('Drydock')
    const step = (id: string) => window.page.locator(`.getting-started-step[data-step-id$="#${id}"]`)
    const ticked = '.codicon-getting-started-step-checked'
    await step('engine').locator(ticked).waitFor()
    assert.equal(await step('run').locator(ticked).count(), 0)
  })
})
