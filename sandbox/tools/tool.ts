/** What a tool gives back; `flags` name things that a person should look at. */
export interface ToolResult {
  readonly text: string
  readonly isError?: boolean
  readonly flags?: readonly string[]
}

/** A call that is not carried out; the message says what is allowed instead. */
export class Denied extends Error {}

/** A call that nothing forbids and that cannot be carried out as it is: no such file, no such text. */
export class NotPossible extends Denied {}

export interface Tool {
  readonly name: string
  run(input: unknown, signal: AbortSignal): Promise<ToolResult>
}

/** Where the tools work and by what means; all paths absolute. */
export interface ToolContext {
  readonly workspace: string
  readonly gitDir: string
  readonly binaries: Readonly<Record<BinaryName, string>>
  /** Longest a single call may take, milliseconds. */
  readonly timeoutMs: number
}

export type BinaryName = 'rg' | 'cat' | 'head' | 'tail' | 'find' | 'wc' | 'git'

/** Most bytes a tool's answer carries. */
export const maxAnswerBytes = 30_000
