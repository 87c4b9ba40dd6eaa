export interface NodeFrame {
  readonly file: string
  readonly line: number
  readonly column: number
}

const NODE_FRAME =
  /^\s*(?:at |❯ )(?:.*?\(|async |\S+ )?(?:file:\/\/)?((?:[A-Za-z]:)?[^():\s][^():]*):(\d+):(\d+)\)?/

/** A line of a JavaScript stack trace that names a place; undefined for Node's own and evaluated code. */
export function nodeFrame(line: string): NodeFrame | undefined {
  const match = NODE_FRAME.exec(line)
  if (match === null) return undefined
  const file = match[1] ?? ''
  if (/^(?:node|webpack|internal|evalmachine)\b|^<|^internal\//.test(file) || line.includes('node:'))
    return undefined
  return { file, line: Number(match[2]), column: Number(match[3]) }
}

/** Whether a file is the project's own and not a dependency's or one of the programs that listen to its tests. */
export function ownFile(file: string): boolean {
  return !/(?:^|[\\/])(?:node_modules|\.reporters)[\\/]|^node:|[\\/]\.yarn[\\/]|\.pnp\.c?js/.test(file)
}

const LISTENER = /^\s*(?:at |- |❯ )(?:.*[\\/]\.reporters[\\/]|internal\/preload$)/

/** A line of a stack or a list of importers that is there only because the tests are listened to. */
export function ofListener(line: string): boolean {
  return (line.includes('.reporters') || line.includes('internal/preload')) && LISTENER.test(line)
}
