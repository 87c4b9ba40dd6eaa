import type { StepName } from '../../../contract/report.ts'
import type { Check, CheckChain, CheckScope } from '../check.ts'
import type { Project } from '../project.ts'
import { mavenHome, mavenProgram } from './install/layout.ts'
import { endsEarly, toTheEnd } from './rules.ts'

type Step = 'build' | 'test' | 'lint'
const steps = ['build', 'test', 'lint'] as const

const shimFolder = `${mavenHome}/bin`
const env = {
  CI: 'true',
  NO_COLOR: '1',
  TERM: 'dumb',
  // No collector: the build's own `.mvn/jvm.config` may name one, and Java takes no two.
  MAVEN_OPTS: '-XX:TieredStopAtLevel=1 -Xshare:auto',
  PATH: `${shimFolder}:/usr/local/bin:/usr/bin:/bin`,
} as const

/**
 * Build and tests of a build, with Maven offline; what fails in one module keeps only the modules that need it from
 * running. Linters run where the POM binds them.
 */
export async function checks(
  project: Project,
  scope: CheckScope,
  isComplete: (log: string) => boolean,
): Promise<readonly Check[]> {
  return steps
    .filter((step) => scope.steps?.includes(step) ?? true)
    .flatMap((step) => {
      const command = commandOf(step, project, scope)
      if (command === undefined) return []
      const check = checkOf(step, command)
      return project.config.commands?.[step] === undefined
        ? [{ ...check, chain: beside(step, command, isComplete) }]
        : [check]
    })
}

/**
 * The same without the rules that the build is held to, and past failing tests: where either ends a module, what needs
 * it is neither built nor tested. An artifact that is missing is another matter.
 */
function beside(
  step: StepName,
  { display, argv }: Command,
  isComplete: (log: string) => boolean,
): CheckChain {
  const [program = '', ...words] = argv
  const all = { display: `${display} # to the end`, argv: [program, ...toTheEnd, ...words] }
  return {
    beside: true,
    when: (log) => endsEarly(log) && isComplete(log),
    checks: [{ ...checkOf(step, all, '-parts'), beside: display }],
    notRun: [],
  }
}

interface Command {
  readonly display: string
  readonly argv: readonly string[]
}

function commandOf(step: Step, project: Project, scope: CheckScope): Command | undefined {
  const own = project.config.commands?.[step]
  if (own === null || (own === undefined && step === 'lint')) return undefined
  if (own !== undefined) return { display: own, argv: ['sh', '-c', own] }
  const only = step === 'test' ? onlyTests(scope.testFiles ?? []) : []
  const words =
    step === 'build'
      ? ['--fail-at-end', '-DskipTests', ...modulesOf(scope), 'package']
      : ['--fail-at-end', ...only, ...modulesOf(scope), 'verify']
  return { display: ['mvn', ...words].join(' '), argv: [`${shimFolder}/mvn`, ...words] }
}

function checkOf(step: StepName, { display, argv }: Command, part = ''): Check {
  const results = `/tmp/drydock-results/${step}${part}`
  const record = step === 'test' ? ['--results', results] : []
  return {
    ...{ step, display, env },
    argv: ['/usr/local/bin/node', mavenProgram, 'check', ...record, '--', ...argv],
    ...(step === 'test' ? { results } : {}),
  }
}

/** With the parents that they need. */
function modulesOf({ modules }: CheckScope): string[] {
  return modules === undefined || modules.length === 0 ? [] : ['-pl', modules.join(','), '-am']
}

/** Runs these classes alone, in whichever module they are. */
function onlyTests(files: readonly string[]): string[] {
  const names = files.flatMap((file) => /([\w$]+)\.(?:java|kt|groovy|scala)$/.exec(file)?.[1] ?? [])
  if (names.length === 0) return []
  const list = [...new Set(names)].join(',')
  const none = ['failIfNoTests', 'surefire.failIfNoSpecifiedTests', 'failsafe.failIfNoSpecifiedTests']
  return [`-Dtest=${list}`, `-Dit.test=${list}`, ...none.map((name) => `-D${name}=false`)]
}
