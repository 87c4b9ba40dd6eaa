import type { Recogniser, Section } from '../../../summarise/finding.ts'
import { CompilerErrors } from './compiler.ts'
import { FailedGoals } from './goals.ts'
import { MavenLineParser } from './log.ts'
import { EnforcerRules } from './enforcer.ts'
import { Dependencies } from './dependencies.ts'
import { sectionsOf } from './verdict.ts'
import { SurefireTests } from './surefire.ts'

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
      if (raw.length === 0 ? false : NOISE.test(raw)) return
      const line = parser.parse(raw, number)
      for (const part of parts) part.line(line)
    },
    sections: () => sectionsOf({ goals: goals.goals, compiler, tests, enforcer, dependencies }),
  }
}
