import { closeSync, readSync } from 'node:fs'
import { z } from 'zod'
import { type DocumentAnswer, jarAddress, releaseScheme } from '../../src/contract/agent.ts'
import { neutralise } from '../../src/contract/text.ts'
import { type Opened, openFile } from './beneath.ts'
import { segments } from './paths.ts'
import { Denied, maxAnswerBytes, NotPossible, type Tool, type ToolContext, type ToolResult } from './tool.ts'

const Input = z.strictObject({
  path: z.string(),
  offset: z.int().positive().optional(),
  limit: z.int().positive().optional(),
})

const maxAddress = 4096
const maxLines = 2000
const maxLineCharacters = 2000
/** Most bytes looked at to find the lines asked for. */
const maxScanBytes = 64 * 1024 * 1024

/** Whether a file's beginning holds a NUL, which no text does. */
export function isBinary(fd: number): boolean {
  const head = Buffer.alloc(8192)
  return head.subarray(0, readSync(fd, head, 0, head.length, 0)).includes(0)
}

function* linesOf(fd: number): Generator<string> {
  const chunk = Buffer.alloc(256 * 1024)
  const decoder = new TextDecoder()
  let rest = ''
  for (let position = 0; position < maxScanBytes; ) {
    const bytes = readSync(fd, chunk, 0, chunk.length, position)
    if (bytes === 0) break
    position += bytes
    const lines = (rest + decoder.decode(chunk.subarray(0, bytes), { stream: true })).split('\n')
    // A line that never ends is kept only as far as it can be shown.
    rest = (lines.pop() ?? '').slice(0, maxLineCharacters * 2)
    yield* lines
  }
  if (rest !== '') yield rest
}

function shown(line: string): string {
  const text = neutralise(line.endsWith('\r') ? line.slice(0, -1) : line)
  return text.length <= maxLineCharacters ? text : `${text.slice(0, maxLineCharacters)} [line cut]`
}

function numbered(
  lines: Iterable<string>,
  first: number,
  count: number,
): { text: string; next: number | undefined } {
  const out: string[] = []
  let number = 0
  let bytes = 0
  for (const line of lines) {
    number += 1
    if (number < first) continue
    const row = `${String(number).padStart(6)}\t${shown(line)}`
    bytes += Buffer.byteLength(row) + 1
    if (out.length >= count || bytes > maxAnswerBytes) return { text: out.join('\n'), next: number }
    out.push(row)
  }
  return { text: out.join('\n'), next: undefined }
}

function read(opened: Opened, input: z.infer<typeof Input>): ToolResult {
  const { fd, stat } = opened
  if (stat.size === 0) return { text: '[the file is empty]' }
  if (isBinary(fd)) return { text: `[a binary file of ${stat.size} bytes; not shown]` }
  return part(linesOf(fd), input, `file of ${stat.size} bytes`)
}

function part(lines: Iterable<string>, input: z.infer<typeof Input>, what: string): ToolResult {
  const first = input.offset ?? 1
  const { text, next } = numbered(lines, first, Math.min(input.limit ?? maxLines, maxLines))
  if (text === '') return { text: `[no line ${first}: the file is shorter, or too large to search that far]` }
  return { text: next === undefined ? text : `${text}\n[more from line ${next}; ${what}]` }
}

/** Asks the runner for what it has beside the workspace. */
export type AskDocument = (address: string, signal: AbortSignal) => Promise<DocumentAnswer>

/** Where the runner's containers have the jars of dependencies: what a build's log names. */
const store = '/drydock-store/'

/** Whether it is the runner that has what is asked for; denied where a jar's path could not be one of the repository. */
function isDocument(path: string, root: string): boolean {
  if (path.startsWith(releaseScheme)) return true
  const address = jarAddress(path)
  if (address === undefined) return false
  segments(address.jar.startsWith(store) ? address.jar.slice(store.length) : address.jar, root)
  if (neutralise(path) !== path || path.length > maxAddress) {
    throw new Denied(`a jar and its entry are named in at most ${maxAddress} characters, none of them hidden`)
  }
  return true
}

export function createRead(context: ToolContext, document: AskDocument): Tool {
  return {
    name: 'Read',
    async run(raw, signal) {
      const input = Input.parse(raw)
      if (isDocument(input.path, context.workspace)) {
        const answer = await document(input.path, signal)
        if ('refused' in answer) throw new NotPossible(answer.refused)
        return part(answer.text.split('\n'), input, `document of ${answer.text.length} characters`)
      }
      const opened = openFile(context.workspace, input.path)
      try {
        return read(opened, input)
      } finally {
        closeSync(opened.fd)
      }
    },
  }
}
