import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Uri, type Webview } from 'vscode'
import { type PageParts, pageHtml } from './page.ts'

/** Shows one of our pages, known by its files in `dist/webview`: it runs its own script, and may load nothing. */
export function fillPage(
  webview: Webview,
  extensionUri: Uri,
  name: 'review' | 'statistics' | 'campaign',
  title: NonNullable<PageParts['title']>,
): void {
  webview.options = {
    enableScripts: true,
    enableCommandUris: false,
    enableForms: false,
    localResourceRoots: [],
  }
  const part = (kind: string) =>
    readFileSync(Uri.joinPath(extensionUri, 'dist', 'webview', `${name}.${kind}`).fsPath, 'utf8')
  webview.html = pageHtml({
    ...{ script: part('js'), style: part('css'), title },
    nonce: randomBytes(16).toString('base64url'),
  })
}
