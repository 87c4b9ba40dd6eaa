import type { StepName, Summary, SummaryCategory } from '../../../../contract/report.ts'
import { workspacePath } from '../../../../contract/workspace.ts'
import { compose, ordered } from '../../../summarise/compose.ts'
import { type Finding, type Section, weights } from '../../../summarise/finding.ts'
import { ofListener } from '../../../summarise/frames.ts'
import { Gate } from '../../../summarise/gate.ts'
import { generic, LastLines } from '../../../summarise/generic.ts'
import { LineCutter, type LineSink } from '../../../summarise/lines.ts'
import { ava } from './ava.ts'
import { esbuild } from './esbuild.ts'
import { eslint } from './eslint.ts'
import { jest } from './jest.ts'
import { mocha } from './mocha.ts'
import { nodeSpec } from './nodeSpec.ts'
import { npm } from './npm.ts'
import { pnpm } from './pnpm.ts'
import { prettier } from './prettier.ts'
import { isShell } from './printed.ts'
import { rollup } from './rollup.ts'
import { runtime } from './runtime.ts'
import { Scripts } from './scripts.ts'
import { tap } from './tap.ts'
import { tsc } from './tsc.ts'
import { vitest } from './vitest.ts'
import { webpack } from './webpack.ts'
import { yarn } from './yarn.ts'

const BY_STEP: Readonly<Record<StepName, SummaryCategory>> = {
  install: 'INSTALL',
  build: 'COMPILATION_FAILURE',
  test: 'TEST_FAILURE',
  lint: 'LINT',
}

/** Reads a log of npm, pnpm, yarn or of a tool that they run. */
export function npmSummariser(step: StepName | undefined): LineSink & { readonly sections: () => Section[] } {
  const scripts = new Scripts()
  const by = (otherwise: SummaryCategory) => () => {
    const known = step ?? scripts.step
    return known === undefined ? otherwise : BY_STEP[known]
  }
  const other = generic(by('UNKNOWN'))
  const last = new LastLines()
  const recognisers = [
    ...[tsc(() => scripts.folder), eslint(), prettier(), esbuild(), webpack(), rollup()],
    ...[tap(), nodeSpec(), mocha(), jest(), vitest(), ava()],
    ...[npm(), pnpm(), yarn(), runtime(by('RUNTIME')), other],
  ]
  const gate = new Gate(recognisers)
  return {
    chunk(text) {
      scripts.look(text)
      gate.chunk(text)
    },
    line(raw, number) {
      const line = scripts.strip(raw)
      if (ofListener(line)) return
      last.line(line, number)
      gate.line(line, number)
    },
    sections() {
      const found = recognisers.map((each) => each.end())
      return causal(
        [...found, last.section(other.faults, by('UNKNOWN')())].filter((section) => section !== undefined),
      )
    },
  }
}

/** A runner says of a file that could not be loaded that it failed; why stands in the error that was thrown. */
function causal(sections: readonly Section[]): Section[] {
  const isThrown = ({ title }: Section) => title.startsWith('Node.js: ')
  if (!sections.some(isThrown)) return [...sections]
  const told = new Set(
    sections
      .filter((section) => !isThrown(section) && section.weight >= weights.specific)
      .flatMap(({ findings }) => findings.map(messageOf)),
  )
  const loads = sections.some((section) => isThrown(section) && section.weight === weights.load)
  return sections.flatMap((section) => {
    const keeps = (finding: Finding) =>
      isThrown(section) ? !told.has(messageOf(finding)) : !isShell(finding)
    const findings = section.findings.filter(keeps)
    if (findings.length === 0) return []
    const isTool = !isThrown(section) && section.weight >= weights.specific
    const explains = loads && isTool && findings.some((one) => isThrownLoad(one, sections))
    return [{ ...section, findings, ...(explains ? { weight: weights.load } : {}) }]
  })
}

function messageOf({ failure }: Finding): string {
  return failure.message
}

/** The cause of one of the errors that kept something from being loaded. */
function isThrownLoad(finding: Finding, sections: readonly Section[]): boolean {
  return sections.some(
    ({ title, findings }) =>
      title.startsWith('Node.js: ') && findings.some((one) => messageOf(one) === messageOf(finding)),
  )
}

/** A whole log at hand; for `Ecosystem.summarise`. */
export function summariseNpm(step: StepName, log: string, root = workspacePath): Summary {
  const summariser = npmSummariser(step)
  const cutter = new LineCutter(summariser)
  cutter.push(log)
  cutter.end()
  return compose(ordered(summariser.sections()), root)
}
