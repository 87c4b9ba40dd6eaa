import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { commands, extensions, languages, Uri, window, workspace } from 'vscode'

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[]
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly default?: unknown }>> }
  }
}

describe('inside the extension host', () => {
  const found = extensions.getExtension('drydock.drydock')
  const manifest = found?.packageJSON as Manifest

  it('the extension activates and registers every command of its manifest', async () => {
    assert.ok(found !== undefined)
    await found.activate()
    const registered = new Set(await commands.getCommands(true))
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command))
    assert.deepEqual(missing, [])
  })

  it('a workspace cannot set what a session may do', async () => {
    const configuration = workspace.getConfiguration('drydock')
    await assert.rejects(Promise.resolve(configuration.update('budgetUsd', 500, false)))
    assert.equal(configuration.get('budgetUsd'), 5)
  })

  it('a mistake in .drydock.json is marked as it is typed', async () => {
    const [folder] = workspace.workspaceFolders ?? []
    const file = join(folder?.uri.fsPath ?? '', '.drydock.json')
    await writeFile(file, '{ "maxTurns": "many" }\n')
    const uri = Uri.file(file)
    const marked = new Promise<string>((resolve) => {
      const look = (): void => {
        const [first] = languages.getDiagnostics(uri)
        if (first !== undefined) resolve(first.message)
      }
      languages.onDidChangeDiagnostics(look)
    })
    await window.showTextDocument(await workspace.openTextDocument(uri))
    assert.match(await marked, /integer|number/)
  })
})
