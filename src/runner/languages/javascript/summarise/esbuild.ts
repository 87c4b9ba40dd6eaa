import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const ERROR = /^(?:✘|X) \[ERROR\] (.*)$/
const PLACE = /^ {4}(\S.*?):(\d+):(\d+):$/
const OLD = /^ ?> (\S.*?):(\d+):(\d+): error: (.*)$/

/** esbuild, before and after 0.9. */
export function esbuild(): Recogniser {
  const found: Found[] = []
  let message: string | undefined
  let code: string[] | undefined
  const add = (file: string, line: string, column: string, text: string, number: number) => {
    code = []
    if (found.length < 600) {
      found.push({
        finding: {
          failure: { file, line: Number(line), column: Number(column) + 1, message: text },
          detail: code,
        },
        number,
      })
    }
  }
  return {
    needles: ['ERROR', 'rror'],
    busy: () => message !== undefined,
    line(line, number) {
      const error = line.includes('[ERROR] ') ? ERROR.exec(line) : null
      const old = error === null && line.includes(': error: ') ? OLD.exec(line) : null
      if (error !== null) {
        if (message !== undefined) found.push({ finding: { failure: { message } }, number })
        message = error[1]
        code = undefined
      } else if (old !== null) add(old[1] ?? '', old[2] ?? '', old[3] ?? '', old[4] ?? '', number)
      else if (message !== undefined) {
        const place = PLACE.exec(line)
        if (place === null) return
        add(place[1] ?? '', place[2] ?? '', place[3] ?? '', message, number)
        message = undefined
      } else if (code !== undefined && code.length === 0 && /^\s+\d+ [│|] /.test(line)) code.push(line.trim())
    },
    end() {
      if (message !== undefined) found.push({ finding: { failure: { message } }, number: 1 })
      return sectionOf('COMPILATION_FAILURE', 'esbuild', 'error', found)
    },
  }
}
