import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const FILE = /^\[(warn|error)\] (\S+\.\w+)(?:: (.*))?$/

/** prettier's check: files that are not formatted, or that it could not read. */
export function prettier(): Recogniser {
  const found: Found[] = []
  let confirmed = false
  return {
    needles: ['warn', 'rror'],
    busy: () => false,
    line(line, number) {
      if (!line.startsWith('[warn] ') && !line.startsWith('[error] ')) return
      const match = FILE.exec(line)
      confirmed ||= line.startsWith('[warn] Code style issues') || match?.[1] === 'error'
      const [, , file, message = 'not formatted as prettier would'] = match ?? []
      if (file === undefined || found.length >= 500) return
      const place = /\((\d+):(\d+)\)/.exec(message)
      const at = place === null ? {} : { line: Number(place[1]), column: Number(place[2]) }
      found.push({ finding: { failure: { file, ...at, rule: 'prettier', message } }, number })
    },
    end: () => (confirmed ? sectionOf('LINT', 'prettier', 'file', found) : undefined),
  }
}
