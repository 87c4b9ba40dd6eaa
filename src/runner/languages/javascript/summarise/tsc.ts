import type { Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const ERROR = /^\s*(?:(\S.*?)(?:\((\d+),(\d+)\)|:(\d+):(\d+))(?::| -) )?error (TS\d+): (.*)$/
/** A code line of the pretty format. */
const CODE = /^(\d+)\s(.*)$/

/** TypeScript, plain and pretty; also where vue-tsc, ts-node and loaders print its lines. */
export function tsc(folder: () => string): Recogniser {
  const own: (Found & { readonly detail: string[] })[] = []
  const installed: typeof own = []
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
      const [, file, , , , , rule = '', message = ''] = match
      const found = file?.includes('node_modules/') === true ? installed : own
      if (found.length >= 1_000) return
      last = []
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
    end() {
      // Of what both have to say the project's own is what it can mend.
      const section = sectionOf('COMPILATION_FAILURE', 'TypeScript', 'error', [...own, ...installed])
      if (section === undefined || own.length === 0 || installed.length === 0) return section
      const places = new Set(installed.map(({ finding }) => JSON.stringify(finding.failure)))
      const note = `${places.size} of them in declarations of installed packages, which come last`
      return { ...section, notes: [note, ...(section.notes ?? [])] }
    },
  }
}
