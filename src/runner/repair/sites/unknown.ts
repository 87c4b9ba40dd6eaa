import type { Report } from '../../../contract/report.ts'
import { languages } from '../../languages/index.ts'

/** A name that a compiler misses in a file, or does not know the type of any more. */
export interface Unknown {
  readonly path: string
  readonly name: string
  readonly kind: 'missing' | 'untyped'
}

/** What a compiler said of names, beside the lines that it points at. */
export function unknownIn(report: Report | undefined): readonly Unknown[] {
  const failures = (report?.steps ?? []).flatMap(({ summary }) => summary?.failures ?? [])
  return failures.flatMap(({ file, message }): readonly Unknown[] => {
    if (file === undefined) return []
    const missing = named(message, 'missing')
    if (missing !== undefined) return [{ path: file, name: missing, kind: 'missing' }]
    const name = named(message, 'untyped')
    return name === undefined ? [] : [{ path: file, name, kind: 'untyped' }]
  })
}

function named(message: string, kind: Unknown['kind']): string | undefined {
  const groups = languages.flatMap(({ unknown }) => unknown?.[kind].exec(message)?.slice(1) ?? [])
  return groups.find((one) => one !== undefined)
}
