import type { Finding, Recogniser } from '../../../summarise/finding.ts'
import { type Found, sectionOf } from '../../../summarise/section.ts'

const HEADER = /^ERROR in (?:\[[\w-]+\] )?(\S+?)(?:(?: |:)(\d+):(\d+)(?:-\S+)?)?$/
const TS_LOADER = /^\[tsl\] ERROR in (\S+)\((\d+),(\d+)\)$/
const ORIGIN = /^ @ (\S+) (\d+):(\d+)/
const PARSE = /\((\d+):(\d+)\)$/
const END = /^(?:WARNING in |webpack .*compiled |Found \d+ errors? in|npm (?:error|ERR!))/
const NOISE =
  /^(?:You may need an appropriate loader|File was parsed as|resolve '|\s+(?:Parsed request|using description|Field '|resolve as|looking for|single file|no extension|\.\w+$|.* doesn't exist))/

interface Open {
  readonly header: string
  readonly body: string[]
  readonly number: number
}

/** webpack 4 and 5, with ts-loader and babel-loader. */
export function webpack(): Recogniser {
  const blocks: Open[] = []
  let open: Open | undefined
  return {
    needles: ['ERROR'],
    busy: () => open !== undefined,
    line(line, number) {
      const first = line.charCodeAt(0)
      if (first === 0x45 /* E */ && line.startsWith('ERROR in ')) {
        open = { header: line, body: [], number }
        if (blocks.length < 600) blocks.push(open)
      } else if (open !== undefined) {
        if (END.test(line)) open = undefined
        else if (open.body.length < 60) open.body.push(line)
      }
    },
    end: () =>
      sectionOf(
        'COMPILATION_FAILURE',
        'webpack',
        'error',
        blocks.map((block) => ({ finding: findingOf(block), number: block.number }) satisfies Found),
      ),
  }
}

function findingOf({ header, body }: Open): Finding {
  const match = HEADER.exec(header)
  const told = body.filter((line) => line.trim() !== '')
  const loader = told.map((line) => TS_LOADER.exec(line)).find((each) => each !== null)
  const after = loader === undefined ? told : told.slice(told.findIndex((line) => TS_LOADER.test(line)) + 1)
  const message = after[0]?.trim() ?? header.replace(/^ERROR in /, '')
  const place = loader ?? match ?? undefined
  const origin = told.map((line) => ORIGIN.exec(line)).find((each) => each?.[1] === place?.[1])
  const spot = place?.[2] === undefined ? (origin ?? PARSE.exec(message)) : place
  const [line, column] = spot === null || spot === undefined ? [] : spot.slice(-2)
  const rule = /^(TS\d+): /.exec(message)?.[1]
  return {
    failure: {
      ...(place?.[1] === undefined ? {} : { file: place[1] }),
      ...(line === undefined
        ? {}
        : { line: Number(line), column: Number(column) + (loader === undefined ? 1 : 0) }),
      ...(rule === undefined ? {} : { rule }),
      message,
    },
    detail: after
      .slice(1)
      .filter((each) => !NOISE.test(each) && !/^\s+at |^ts-loader-/.test(each))
      .slice(0, 6),
  }
}
