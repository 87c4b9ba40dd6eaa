import type { StepName, Summary, SummaryCategory } from '../../../../contract/report.ts'
import { workspacePath } from '../../../../contract/workspace.ts'
import { ofListener } from '../../../languages/javascript/frames.ts'
import { causal } from '../../../languages/javascript/summarise/causal.ts'
import { tools } from '../../../languages/javascript/summarise/index.ts'
import { runtime } from '../../../languages/javascript/summarise/runtime.ts'
import { toldOnce } from '../../../languages/javascript/summarise/told.ts'
import { compose, ordered } from '../../../summarise/compose.ts'
import type { Section } from '../../../summarise/finding.ts'
import { Gate } from '../../../summarise/gate.ts'
import { generic, LastLines } from '../../../summarise/generic.ts'
import { LineCutter, type LineSink } from '../../../summarise/lines.ts'
import { npm } from './npm.ts'
import { pnpm } from './pnpm.ts'
import { RunningScript } from './runningScript.ts'
import { yarn } from './yarn.ts'

const BY_STEP: Readonly<Record<StepName, SummaryCategory>> = {
  install: 'INSTALL',
  build: 'COMPILATION_FAILURE',
  test: 'TEST_FAILURE',
  lint: 'LINT',
}

/** What the package managers say beside what failed. */
const NOISE = /^(?:npm (?:warn|notice|WARN)|> |\$ |info |\s*$)/

/** Reads a log of npm, pnpm, yarn or of a tool that they run. */
export function npmSummariser(step: StepName | undefined): LineSink & { readonly sections: () => Section[] } {
  const script = new RunningScript()
  const by = (otherwise: SummaryCategory) => () => {
    const known = step ?? script.step
    return known === undefined ? otherwise : BY_STEP[known]
  }
  const other = generic(by('UNKNOWN'), NOISE)
  const last = new LastLines(NOISE)
  const recognisers = [
    ...tools(() => script.folder),
    ...[npm(), pnpm(), yarn(), runtime(by('RUNTIME')), other],
  ]
  const gate = new Gate(recognisers)
  return {
    chunk(text) {
      script.look(text)
      gate.chunk(text)
    },
    line(raw, number) {
      const line = script.strip(raw)
      if (ofListener(line)) return
      last.line(line, number)
      gate.line(line, number)
    },
    sections() {
      const found = recognisers.map((each) => each.end())
      const all = [...found, last.section(other.faults, by('UNKNOWN')())]
      return causal(toldOnce(all.filter((section) => section !== undefined)))
    },
  }
}

/** A whole log at hand; for `Ecosystem.summarise`. */
export function summariseNpm(step: StepName, log: string, root = workspacePath): Summary {
  const summariser = npmSummariser(step)
  const cutter = new LineCutter(summariser)
  cutter.push(log)
  cutter.end()
  return compose(ordered(summariser.sections()), root)
}
