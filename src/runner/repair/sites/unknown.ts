import type { Report } from '../../../contract/report.ts'

/** A name that a compiler misses in a file, or does not know the type of any more. */
export interface Unknown {
  readonly path: string
  readonly name: string
  readonly kind: 'missing' | 'untyped'
}

const missing = /Cannot find (?:name|namespace) '([\w$]+)'|'([\w$]+)' refers to a UMD global/
const untyped = /'([\w$]+)(?:\.[\w$.]+)?' is (?:of type 'unknown'|possibly)/

/** What a compiler said of names, beside the lines that it points at. */
export function unknownIn(report: Report | undefined): readonly Unknown[] {
  const failures = (report?.steps ?? []).flatMap(({ summary }) => summary?.failures ?? [])
  return failures.flatMap(({ file, message }): readonly Unknown[] => {
    if (file === undefined) return []
    const [, one, other = one] = missing.exec(message) ?? []
    if (other !== undefined) return [{ path: file, name: other, kind: 'missing' }]
    const name = untyped.exec(message)?.[1]
    return name === undefined ? [] : [{ path: file, name, kind: 'untyped' }]
  })
}
