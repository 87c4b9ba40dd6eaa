import type { StepName, Summary } from '../../contract/report.ts'
import { compose, ordered, quote, type SummariseOptions } from '../summarise/compose.ts'
import type { Section } from '../summarise/finding.ts'
import { LineCutter, type LineSink } from '../summarise/lines.ts'
import { mavenSummariser } from './maven/summarise/index.ts'
import { npmSummariser } from './npm/summarise/index.ts'

export type { ReadSource, SummariseOptions } from '../summarise/compose.ts'

/** Whose log it is; `auto` looks at its first lines. */
export type LogTool = 'npm' | 'maven' | 'auto'

const DEFAULT_ROOT = '/workspace'
const MAVEN = /^\[(?:INFO|ERROR|WARNING)\] |^Apache Maven \d/
/** Lines looked at before `auto` decides. */
const LOOK_AHEAD = 300

interface Reader {
  readonly push: (chunk: string | Uint8Array) => void
  readonly end: () => Section[]
}

interface LogSummariser extends LineSink {
  readonly sections: () => Section[]
}

function summariserOf(tool: 'npm' | 'maven', step: StepName | undefined): LogSummariser {
  return tool === 'maven' ? mavenSummariser() : npmSummariser(step)
}

/** Holds the first lines back until they tell whose log it is. */
function guessing(step: StepName | undefined): LogSummariser {
  let chosen: LogSummariser | undefined
  const held: string[] = []
  const choose = (tool: 'npm' | 'maven') => {
    chosen = summariserOf(tool, step)
    chosen.chunk?.(`${held.join('\n')}\n${piece}`)
    held.forEach((line, index) => {
      chosen?.line(line, index + 1)
    })
    held.length = 0
    piece = ''
    return chosen
  }
  let piece = ''
  return {
    chunk(text) {
      if (chosen === undefined) piece = text
      chosen?.chunk?.(text)
    },
    line(line, number) {
      if (chosen !== undefined) return chosen.line(line, number)
      held.push(line)
      if (MAVEN.test(line)) choose('maven')
      else if (held.length >= LOOK_AHEAD) choose('npm')
    },
    sections: () => (chosen ?? choose('npm')).sections(),
  }
}

function reader(tool: LogTool, step: StepName | undefined): Reader {
  const summariser = tool === 'auto' ? guessing(step) : summariserOf(tool, step)
  const cutter = new LineCutter(summariser)
  return {
    push: (chunk) => cutter.push(chunk),
    end() {
      cutter.end()
      return summariser.sections()
    },
  }
}

/** A log, streamed, abstracted to what failed and why; memory does not grow with the log. */
export async function summarise(
  tool: LogTool,
  log: AsyncIterable<string | Uint8Array>,
  options: SummariseOptions = {},
): Promise<Summary> {
  const reading = reader(tool, options.step)
  for await (const chunk of log) reading.push(chunk)
  const sections = ordered(reading.end())
  const root = options.root ?? DEFAULT_ROOT
  const quotes = options.source === undefined ? undefined : await quote(sections, root, options.source)
  return compose(sections, root, quotes)
}

/** The same for a log that is at hand as text, without quoted code. */
export function summariseText(
  tool: LogTool,
  log: string,
  options: Omit<SummariseOptions, 'source'> = {},
): Summary {
  const reading = reader(tool, options.step)
  reading.push(log)
  return compose(ordered(reading.end()), options.root ?? DEFAULT_ROOT)
}
