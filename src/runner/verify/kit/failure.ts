import type { TestResult } from '../../../contract/report.ts'
import { comparedIn } from './comparison.ts'
import type { KitUnit } from './units.ts'

const frame = /(?:\(|at |^\s*)(?:file:\/\/)?(\/?[^\s():]+\.[cm]?[jt]sx?):\d+/gm
/** Lines of a message that tell where, not what: frames, excerpts of code, lists of requiring files. */
const place = /^\s*(?:at |\(?node:|- \/|>?\s*\d+ \||\|)|^Require stack:|^\s*\^+$/

/** What a failure says, without where: the same error after a change elsewhere reads the same. */
function said(message: string | undefined): string {
  return (message ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '' && !place.test(line))
    .map((line) => line.trim().replace(/:\d+(:\d+)?/g, ''))
    .join('\n')
}

/** Whether two logs say the same, but for numbers such as times. */
export function sameText(one: readonly string[], other: readonly string[]): boolean {
  const [first, second] = [one, other].map((texts) => said(texts.join('\n')).replace(/\d+/g, '#'))
  return first === second
}

/** Whether two failures of a test are the same: of assertions by what they compared, of others by what they say. */
export function sameFailure(one: TestResult, other: TestResult): boolean {
  const [first, second] = [comparedIn(one), comparedIn(other)]
  if (first?.actual !== undefined && second?.actual !== undefined)
    return first.actual === second.actual && first.expected === second.expected
  return (first === undefined) === (second === undefined) && said(one.message) === said(other.message)
}

/** The first file of the project in the stack is one of these: the error is their own, not of the code they test. */
export function isThrownIn({ message }: TestResult, files: ReadonlySet<string>, unit: KitUnit): boolean {
  if (unit.kind !== 'test') return false
  const stack = [...(message ?? '').matchAll(frame)].map(([, file = '']) => file)
  const first = stack.find((file) => !file.includes('node_modules/') && !file.startsWith('node:'))
  return first !== undefined && [...files].some((file) => first === file || first.endsWith(`/${file}`))
}

export function firstLine(message: string): string {
  // Jest's headings say that something failed, not what.
  const line = message.split('\n').find((one) => one.trim() !== '' && !/^\s*●/.test(one)) ?? ''
  return line.trim().slice(0, 160) || 'no message'
}
