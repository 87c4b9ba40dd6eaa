import { contentSecurityPolicy } from '../../contract/shownText.ts'

export interface PageParts {
  /** Address of the page's script and style, as the webview may load them. */
  readonly script: string
  readonly style: string
  /** What the webview calls its own resources in a policy. */
  readonly source: string
  /** Fresh for every page. */
  readonly nonce: string
}

/** The document of the review panel: nothing of a session is in it, everything comes by message. */
export function pageHtml({ script, style, source, nonce }: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${attribute(contentSecurityPolicy(nonce, source))}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<link rel="stylesheet" href="${attribute(style)}">
<title>Review</title>
</head>
<body>
<div id="root"></div>
<script nonce="${attribute(nonce)}" src="${attribute(script)}"></script>
</body>
</html>
`
}

function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
