import { type Recogniser, type Section, weights } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const PROBLEM = /^\s+(\d+):(\d+)\s+(error|warning)\s+(.*?)(?:\s{2,}([@\w][\w@/.-]*))?\s*$/
const PATH = /^\S.*\.\w+$/
/** One line a problem: formatters unix and compact, and standard. */
const ONE_LINE =
  /^\s*(\S+\.\w+):(?: line )?(\d+)(?::|, col )(\d+)[:,] (?:Error - )?(.*?) (?:\[Error\/([^\]]+)\]|\(([@\w/-]+)\))$/
const BIOME = /^(\S+?)(?::(\d+):(\d+))? ((?:lint|assist|suppressions)\/\S+|format|parse|organizeImports)\s.*━/
const CRASH = 'Oops! Something went wrong! :('

/** eslint in its usual formats, standard, xo and biome. */
export function eslint(): Recogniser {
  const errors: Found[] = []
  const warnings: Found[] = []
  const crash: string[] = []
  let crashed = 0
  let file = ''
  let biome: RegExpExecArray | undefined
  const keep = (
    list: Found[],
    at: { file: string; line?: number; column?: number },
    rule: string | undefined,
    message: string,
    number: number,
  ) => {
    if (list.length < 1_000)
      list.push({
        finding: {
          failure: { ...at, ...(rule === undefined ? {} : { rule }), message },
          cause: rule === undefined ? message : `${message} (${rule})`,
        },
        number,
      })
  }
  const problem = (line: string, number: number) => {
    const match = PROBLEM.exec(line)
    if (match === null) return
    keep(
      match[3] === 'error' ? errors : warnings,
      { file, line: Number(match[1]), column: Number(match[2]) },
      match[5],
      match[4] ?? '',
      number,
    )
  }
  const biomeMessage = (line: string, number: number) => {
    const [, path = '', row, column, rule] = biome ?? []
    const at = { file: path, ...(row === undefined ? {} : { line: Number(row), column: Number(column) }) }
    keep(/^\s+[×✖]/.test(line) ? errors : warnings, at, rule, line.trim().slice(2), number)
    biome = undefined
  }
  return {
    needles: ['rror', 'warning', '━━━', 'Oops! Something went wrong'],
    busy: () => biome !== undefined || (crashed > 0 && crash.length < 12),
    line(line, number) {
      if (crashed > 0 && crash.length < 12) crash.push(line)
      const first = line.charCodeAt(0)
      if (first === 0x20 && (line.includes(' error ') || line.includes(' warning '))) problem(line, number)
      else if (biome !== undefined && /^\s+[×✖!] /.test(line)) biomeMessage(line, number)
      else if (line.includes('━━━')) biome = BIOME.exec(line) ?? undefined
      else if (line === CRASH) crashed = number
      else if (line.endsWith(']') || line.endsWith(')')) {
        const match = ONE_LINE.exec(line)
        if (match !== null)
          keep(
            errors,
            { file: match[1] ?? '', line: Number(match[2]), column: Number(match[3]) },
            match[5] ?? match[6],
            match[4] ?? '',
            number,
          )
      } else if (first !== 0x20 && line.length < 400 && PATH.test(line)) file = line
    },
    end() {
      if (crashed > 0 && errors.length === 0) return crashSection(crash, crashed)
      return sectionOf('LINT', 'lint', 'problem', errors.length > 0 ? errors : warnings)
    },
  }
}

function crashSection(lines: readonly string[], number: number): Section {
  const told = lines
    .filter((line) => line.trim() !== '' && !/^(?:ESLint: |\s+at )/.test(line))
    .map((line) => line.trim())
  const version = lines.find((line) => line.startsWith('ESLint: '))
  const [message = 'ESLint could not start', ...detail] = told
  const config = /imported from (\S+)|config file in "([^"]+)"/.exec(told.join('\n'))
  const file = config?.[1] ?? config?.[2]
  return {
    category: 'LINT',
    title: `lint: the configuration could not be loaded${version === undefined ? '' : ` (${version.replace(': ', ' ')})`}`,
    weight: weights.specific,
    firstLine: number,
    findings: [{ failure: { ...(file === undefined ? {} : { file }), message }, detail: detail.slice(0, 4) }],
  }
}
