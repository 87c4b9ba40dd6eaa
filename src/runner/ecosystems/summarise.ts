import { type Ecosystem, ecosystems } from '../../contract/ecosystems/index.ts'
import type { StepName, Summary } from '../../contract/report.ts'
import { workspacePath } from '../../contract/workspace.ts'
import { compose, ordered, quote, type SummariseOptions } from '../summarise/compose.ts'
import type { Section } from '../summarise/finding.ts'
import { LineCutter } from '../summarise/lines.ts'
import { logsOf } from './index.ts'
import type { LogSummariser, LogsModule } from './module.ts'

export type { ReadSource, SummariseOptions } from '../summarise/compose.ts'

/** Whose log it is; `auto` looks at its first lines. */
export type LogTool = Ecosystem | 'auto'

/** Lines looked at before `auto` decides. */
const LOOK_AHEAD = 300

interface Reader {
  readonly push: (chunk: string | Uint8Array) => void
  readonly end: () => Section[]
}

/** Holds the first lines back until they tell whose log it is: the first ecosystem's where none does. */
function guessing(known: readonly LogsModule[], step: StepName | undefined): LogSummariser {
  let chosen: LogSummariser | undefined
  const held: string[] = []
  const choose = (logs: LogsModule | undefined = known[0]): LogSummariser => {
    if (logs === undefined) throw new TypeError('no ecosystem reads logs')
    chosen = logs.summariser(step)
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
      const told = known.find(({ tells }) => tells?.test(line) === true)
      if (told !== undefined) choose(told)
      else if (held.length >= LOOK_AHEAD) choose()
    },
    sections: () => (chosen ?? choose()).sections(),
  }
}

async function reader(tool: LogTool, step: StepName | undefined): Promise<Reader> {
  const summariser =
    tool === 'auto'
      ? guessing(await Promise.all(ecosystems.map(({ id }) => logsOf(id))), step)
      : (await logsOf(tool)).summariser(step)
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
  const reading = await reader(tool, options.step)
  for await (const chunk of log) reading.push(chunk)
  const sections = ordered(reading.end())
  const root = options.root ?? workspacePath
  const quotes = options.source === undefined ? undefined : await quote(sections, root, options.source)
  return compose(sections, root, quotes)
}

/** The same for a log that is at hand as text, without quoted code. */
export async function summariseText(
  tool: LogTool,
  log: string,
  options: Omit<SummariseOptions, 'source'> = {},
): Promise<Summary> {
  const reading = await reader(tool, options.step)
  reading.push(log)
  return compose(ordered(reading.end()), options.root ?? workspacePath)
}
