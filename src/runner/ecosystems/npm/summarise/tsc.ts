import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from './section.ts'

const ERROR = /^\s*(?:(\S.*?)(?:\((\d+),(\d+)\)|:(\d+):(\d+))(?::| -) )?error (TS\d+): (.*)$/
/** A code line of the pretty format. */
const CODE = /^(\d+)\s(.*)$/

/** TypeScript, plain and pretty; also where vue-tsc, ts-node and loaders print its lines. */
export function tsc(folder: () => string): Recogniser {
  const found: (Found & { readonly detail: string[] })[] = []
  let last: string[] | undefined
  return {
    needles: ['TS'],
    busy: () => last !== undefined,
    line(line, number) {
      const match = line.includes('error TS') ? ERROR.exec(line) : null
      if (match === null) {
        if (last === undefined) return
        if (/^ {2,}\S/.test(line) && !/^ +(?:~+$|at )/.test(line)) last.push(line.trim())
        else if (last.length === 0 && CODE.test(line)) last.push(line)
        else if (line.trim() !== '') last = undefined
        return
      }
      if (found.length >= 1_000) return
      last = []
      const [, file, , , , , rule = '', message = ''] = match
      const place =
        file === undefined
          ? {}
          : {
              file: `${folder()}${file}`,
              line: Number(match[2] ?? match[4]),
              column: Number(match[3] ?? match[5]),
            }
      found.push({
        finding: { failure: { ...place, rule, message }, cause: `${rule}: ${message}`, detail: last },
        number,
        detail: last,
      })
    },
    end: () => sectionOf('COMPILATION_FAILURE', 'TypeScript', 'error', found),
  }
}
