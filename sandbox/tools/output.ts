import { neutralise } from '../../src/contract/text.ts'
import type { RunResult } from '../process/run.ts'
import { maxAnswerBytes, type ToolResult } from './tool.ts'

function exitNote(binary: string, results: readonly RunResult[]): string | undefined {
  const codes = results.map((result) => result.exitCode ?? -1)
  if (codes.some((code) => code === 0)) return undefined
  const worst = Math.max(...codes)
  if (binary === 'rg' && worst === 1) return '[no match]'
  return worst > 0 ? `[exit code ${worst}]` : undefined
}

/** Output of processes as a tool's answer: bounded, without control characters, with what a person must know. */
export function answerOf(
  binary: string,
  output: string,
  results: readonly RunResult[],
  timeoutMs: number,
): ToolResult {
  const timedOut = results.some((result) => result.timedOut)
  const truncated = results.some((result) => result.truncated)
  const notes = [
    timedOut ? `[ended after ${timeoutMs / 1000} s]` : undefined,
    truncated ? `[output cut at ${maxAnswerBytes} bytes: narrow the search]` : undefined,
    timedOut || truncated ? undefined : exitNote(binary, results),
  ].filter((note) => note !== undefined)
  const text = neutralise(output).trimEnd()
  const failed = timedOut || (!truncated && results.some((result) => (result.exitCode ?? 0) > 1))
  return { text: [text, ...notes].filter((part) => part !== '').join('\n') || '[no output]', isError: failed }
}
