import { type Finding, LONGEST_MESSAGE, type Section } from '../../../summarise/finding.ts'

/** A compiler's error in the words of whoever ran the compiler: `src/a.ts:3:1 - error TS2556: …`. */
const compilers = /error (TS\d+): (.*)$/

/**
 * A runner that compiles says of a file what the compiler said of it; where that is told by itself, with its place and
 * its code, once is enough.
 */
export function toldOnce(sections: readonly Section[]): Section[] {
  const told = new Set(
    sections.flatMap(({ category, findings }) =>
      category === 'COMPILATION_FAILURE'
        ? findings.map(({ failure }) => key(failure.rule, failure.message))
        : [],
    ),
  )
  const isTold = ({ failure: { test, rule, message } }: Finding): boolean => {
    if (test !== undefined || rule !== undefined) return false
    const lines = message.split('\n')
    // What is cut off in its middle says nothing else than its whole.
    const whole = message.length < LONGEST_MESSAGE || lines.length === 1 ? lines : lines.slice(0, -1)
    const errors = whole.flatMap((line) => {
      const found = compilers.exec(line)
      return found === null ? [] : [key(found[1], found[2] ?? '')]
    })
    return errors.length > 0 && errors.every((error) => told.has(error))
  }
  return sections.flatMap((section) => {
    const findings = section.findings.filter((finding) => !isTold(finding))
    if (findings.length === section.findings.length) return [section]
    return findings.length === 0 ? [] : [{ ...section, findings }]
  })
}

function key(rule: string | undefined, message: string): string {
  return `${rule} ${message.trim()}`
}
