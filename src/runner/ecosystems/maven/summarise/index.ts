import type { Summary } from '../../../../contract/report.ts'
import { workspacePath } from '../../../../contract/workspace.ts'
import { compose, ordered } from '../../../summarise/compose.ts'
import type { Recogniser, Section } from '../../../summarise/finding.ts'
import { LineCutter } from '../../../summarise/lines.ts'
import { CompilerErrors } from './compiler.ts'
import { Dependencies } from './dependencies.ts'
import { EnforcerRules } from './enforcer.ts'
import { FailedGoals } from './goals.ts'
import { MavenLineParser } from './log.ts'
import { SurefireTests } from './surefire.ts'
import { sectionsOf } from './verdict.ts'

/** Progress of downloads: most of the lines of most logs. */
const NOISE = /^(?:\[INFO\] )?(?:Download(?:ing|ed)(?: from \S+)?:|Progress \()/

/** Reads a Maven log; `sections` are in order, the cause of the failed build first. */
export interface MavenSummariser {
  readonly line: Recogniser['line']
  readonly sections: () => Section[]
}

export function mavenSummariser(): MavenSummariser {
  const parser = new MavenLineParser()
  const goals = new FailedGoals()
  const compiler = new CompilerErrors()
  const tests = new SurefireTests()
  const enforcer = new EnforcerRules()
  const dependencies = new Dependencies()
  const parts = [goals, compiler, tests, enforcer, dependencies]
  return {
    line(raw, number) {
      if (NOISE.test(raw)) return
      const line = parser.parse(raw, number)
      for (const part of parts) part.line(line)
    },
    sections: () => sectionsOf({ goals: goals.goals, compiler, tests, enforcer, dependencies }),
  }
}

/** A whole log at hand; for `Ecosystem.summarise`. */
export function summariseMaven(log: string, root = workspacePath): Summary {
  const summariser = mavenSummariser()
  const cutter = new LineCutter(summariser)
  cutter.push(log)
  cutter.end()
  return compose(ordered(summariser.sections()), root)
}
