import { commands, EventEmitter, type TextDocumentContentProvider, Uri } from 'vscode'

export const pageScheme = 'drydock-page'

/** Pages that the extension writes for a person to read, kept in memory alone. */
export interface Pages extends TextDocumentContentProvider {
  /** Shows the text as a rendered page; an editor without the preview shows the Markdown. */
  show(name: string, markdown: string): Promise<void>
}

export function createPages(): Pages {
  const texts = new Map<string, string>()
  const changed = new EventEmitter<Uri>()
  return {
    onDidChange: changed.event,
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
    async show(name, markdown) {
      const uri = Uri.from({ scheme: pageScheme, path: `/${name}.md` })
      texts.set(uri.path, markdown)
      changed.fire(uri)
      const shown = commands.executeCommand('markdown.showPreview', uri)
      await shown.then(undefined, () => commands.executeCommand('vscode.open', uri))
    },
  }
}
