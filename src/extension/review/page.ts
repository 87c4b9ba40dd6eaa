import { contentSecurityPolicy } from '../../contract/shownText.ts'

export interface PageParts {
  /** The page's script and style, as text. */
  readonly script: string
  readonly style: string
  /** Fresh for every page. */
  readonly nonce: string
  readonly title?: 'Review' | 'Statistics' | 'Campaign'
}

/**
 * The document of a panel, whole: what it would have to load takes an editor longer than all the rest.
 * Nothing of a session is in it, everything comes by message.
 */
export function pageHtml({ script, style, nonce, title = 'Review' }: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(contentSecurityPolicy(nonce))}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<style nonce="${attribute(nonce)}">${style}</style>
<title>${title}</title>
</head>
<body>
<div id="root"></div>
<script nonce="${attribute(nonce)}">${inline(script)}</script>
</body>
</html>
`
}

/** The bundler escapes `</script`; a comment's beginning hides the end, too, where it stands before `<script`. */
function inline(script: string): string {
  return script.replaceAll('<!--', '<\\x21--')
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
