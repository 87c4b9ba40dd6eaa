/** A JSON document in the indentation, line ends and end of file that another text has. */
export function printJson(document: unknown, like: string): string {
  const indent = /^[ \t]+(?=")/m.exec(like)?.[0] ?? (/^\s*\{./.test(like) ? '' : '  ')
  const end = like === '' || like.endsWith('\n') ? '\n' : ''
  return likeNewlines(JSON.stringify(document, undefined, indent) + end, like)
}

/** The text with the line ends of another. */
export function likeNewlines(text: string, like: string): string {
  const plain = unixNewlines(text)
  return like.includes('\r\n') ? plain.replaceAll('\n', '\r\n') : plain
}

export function unixNewlines(text: string): string {
  return text.replaceAll('\r\n', '\n')
}
