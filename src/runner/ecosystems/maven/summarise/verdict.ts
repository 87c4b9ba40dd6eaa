import type { SummaryCategory } from '../../../../contract/report.ts'
import { count, type Finding, type Section, weights } from '../../../summarise/finding.ts'
import type { CompilerErrors } from './compiler.ts'
import { PROMOTED } from './compiler.ts'
import type { Dependencies } from './dependencies.ts'
import type { EnforcerRules } from './enforcer.ts'
import type { FailedGoal } from './goals.ts'
import { coordinates } from './log.ts'
import type { SurefireTests } from './surefire.ts'

interface Parts {
  readonly goals: readonly FailedGoal[]
  readonly compiler: CompilerErrors
  readonly tests: SurefireTests
  readonly enforcer: EnforcerRules
  readonly dependencies: Dependencies
}

/**
 * Which plugin's failure means what. Style checkers and Jenkins' own validation count as policy, as in the
 * BUMP data set (Reyes et al., 2024).
 */
const BY_PLUGIN: readonly (readonly [RegExp, SummaryCategory])[] = [
  [/^(?:surefire|failsafe|karma|invoker|tycho-surefire|scalatest|pitest|cucumber)$/, 'TEST_FAILURE'],
  [
    /^(?:enforcer|checkstyle|spotless|pmd|spotbugs|findbugs|license|apache-rat|rat|sortpom|formatter|ktlint|detekt|impsort|duplicate-finder|fmt|git-code-format|editorconfig|animal-sniffer|japicmp|revapi|clirr|modernizer|forbiddenapis|banned-imports|dependency|dependency-check|qulice|jacoco|cobertura|xml)$/,
    'ENFORCER_FAILURE',
  ],
  [/lock/, 'DEPENDENCY_LOCK_FAILURE'],
  [
    /^(?:compiler|kotlin|gmavenplus|gmaven|groovy-eclipse|scala|aspectj|takari-lifecycle|javadoc|jaxb2?|antlr4|protobuf|bnd|modello|exec)$/,
    'COMPILATION_FAILURE',
  ],
]

/** What a failure without a plugin, or of a plugin that did not run at all, is told by. */
const RESOLUTION =
  /could not (?:be resolved|resolve|find artifact|transfer artifact|collect)|failed to read artifact descriptor|non-resolvable|problems were encountered while processing the poms|could not read \d+ project|dependencyresolutionexception|error resolving version|unresolveable|no versions available|failure to find|offline mode/i

function categoryOf(goal: FailedGoal, parts: Parts): SummaryCategory {
  const message = goal.message.join('\n')
  if (goal.plugin === '') return 'DEPENDENCY_RESOLUTION_FAILURE'
  const known = BY_PLUGIN.find(([plugin]) => plugin.test(goal.plugin))?.[1]
  if (known !== 'TEST_FAILURE' && RESOLUTION.test(goal.message[0] ?? ''))
    return 'DEPENDENCY_RESOLUTION_FAILURE'
  if (goal.plugin === 'hpi' && goal.goal.startsWith('validate')) return 'ENFORCER_FAILURE'
  if (known === 'COMPILATION_FAILURE') {
    return parts.compiler.section()?.category ?? (PROMOTED.test(message) ? 'WERROR_FAILURE' : known)
  }
  return known ?? (/^Compilation failure/.test(message) ? 'COMPILATION_FAILURE' : 'UNKNOWN')
}

/** Sections of a Maven log: the first failed goal's, then those of other categories that failed too. */
export function sectionsOf(parts: Parts): Section[] {
  const sections: Section[] = []
  for (const goal of parts.goals) {
    const category = categoryOf(goal, parts)
    if (sections.some((section) => section.category === category)) continue
    sections.push(sectionFor(goal, category, parts))
  }
  if (sections.length > 0) return sections
  const { compiler, tests, enforcer, dependencies } = parts
  return [
    compiler.section(),
    listed('ENFORCER_FAILURE', 'Policy failed', enforcer.findings().values()),
    listed(
      'DEPENDENCY_RESOLUTION_FAILURE',
      'Dependencies could not be resolved',
      dependencies.resolution.values(),
    ),
    tests.section(),
  ].filter((section) => section !== undefined)
}

function listed(category: SummaryCategory, title: string, findings: readonly Finding[]): Section | undefined {
  if (findings.length === 0) return undefined
  return { category, title, weight: weights.specific, firstLine: 1, findings }
}

function sectionFor(goal: FailedGoal, category: SummaryCategory, parts: Parts): Section {
  const found = recognised(category, parts)
  const where =
    goal.plugin === '' ? '' : ` [${goal.plugin}:${goal.version}:${goal.goal}, module ${goal.module}]`
  const notes = [...(found?.notes ?? []), ...crash(goal, category), ...advice(goal, found)]
  if (found !== undefined && found.findings.length > 0) {
    const extra = category === 'TEST_FAILURE' ? crashedTests(goal) : []
    return { ...found, title: `${found.title}${where}`, notes, findings: [...found.findings, ...extra] }
  }
  return {
    category,
    title: `${goal.plugin === '' ? 'Build' : `${goal.plugin}:${goal.goal}`} failed${where}`,
    weight: weights.specific,
    firstLine: goal.number,
    findings: fromMessage(goal, category),
    notes:
      category === 'TEST_FAILURE'
        ? [...new Set([...notes, ...parts.tests.thrown.map((line) => line.slice(0, 300))])]
        : notes,
  }
}

function recognised(category: SummaryCategory, parts: Parts): Section | undefined {
  const { compiler, tests, enforcer, dependencies } = parts
  if (category === 'COMPILATION_FAILURE' || category === 'WERROR_FAILURE') return compiler.section()
  if (category === 'TEST_FAILURE') return tests.section()
  if (category === 'DEPENDENCY_LOCK_FAILURE')
    return listed(category, 'Dependencies differ from the lock file', dependencies.lock.values())
  if (category === 'DEPENDENCY_RESOLUTION_FAILURE') {
    return listed(category, 'Dependencies could not be resolved', dependencies.resolution.values())
  }
  if (category !== 'ENFORCER_FAILURE') return undefined
  const rules = enforcer.findings().values()
  return rules.length > 0
    ? listed(category, `${count(rules.length, 'policy violation')}`, rules)
    : listed(category, 'Style or policy check failed', compiler.style())
}

const CRASH =
  /forked (?:VM|process)|crash|TestEngine|discover|starting fork|Exit Code|ClassNotFound|NoClassDef|NoSuchMethod|UnsupportedClassVersion|ExecutionException|Unable to (?:load|create)|No tests/i

/** Lines of a test goal's message when its runner itself broke. */
function crash(goal: FailedGoal, category: SummaryCategory): string[] {
  if (category !== 'TEST_FAILURE') return []
  const lines = goal.message.filter((line) => !/^There (?:are|were) test failures/.test(line))
  return lines.some((line) => CRASH.test(line)) ? lines.slice(0, 8).map((line) => line.slice(0, 400)) : []
}

function crashedTests(goal: FailedGoal): Finding[] {
  const start = goal.message.findIndex((line) => /^Crashed tests:/.test(line))
  const rest = start === -1 ? [] : goal.message.slice(start + 1)
  const end = rest.findIndex((line) => !/^[\w$.]+(?:#.*)?$/.test(line))
  return rest.slice(0, end === -1 ? rest.length : end).map((line) => ({
    failure: {
      test: line.replaceAll('$', '.').replace('#', '.'),
      message: goal.message[0] ?? 'the test runner crashed',
    },
  }))
}

function fromMessage(goal: FailedGoal, category: SummaryCategory): Finding[] {
  if (category === 'TEST_FAILURE' && crashedTests(goal).length > 0) return crashedTests(goal)
  const [first = 'failed without a message', ...rest] = goal.message
  if (category === 'TEST_FAILURE') return [{ failure: { message: first } }]
  const rule = category === 'ENFORCER_FAILURE' ? { rule: `${goal.plugin}:${goal.goal}` } : {}
  const files = rest.flatMap(
    (line) => /^\s*([\w./\\-]+\/[\w.-]+\.\w{1,6})(?::(\d+))?\s*$/.exec(line)?.[1] ?? [],
  )
  if (files.length > 0)
    return files
      .slice(0, 100)
      .map((file) => ({ failure: { file, ...rule, message: first }, detail: rest.slice(0, 10) }))
  const artifacts =
    category === 'UNKNOWN'
      ? []
      : goal.message
          .slice(0, 20)
          .flatMap((line) => coordinates(line))
          .slice(0, 10)
  if (artifacts.length === 0) return [{ failure: { ...rule, message: first }, detail: rest.slice(0, 10) }]
  return artifacts.map((artifact) => ({
    failure: { artifact, ...rule, message: first },
    detail: rest.slice(0, 10),
  }))
}

/** Java's class file versions: 52 is Java 8. */
const CLASS_FILE_JAVA_8 = 52

/** What a person should know that the log says in other words: a JDK that is too old. */
function advice(goal: FailedGoal, found: Section | undefined): string[] {
  const told = [...goal.message.slice(0, 40), ...(found?.findings.slice(0, 20).flatMap(toldBy) ?? [])].join(
    '\n',
  )
  const release = /invalid (?:target|source) release: (\S+)|release version (\S+) not supported/.exec(told)
  if (release !== null) return [`The JDK that runs the build is older than Java ${release[1] ?? release[2]}.`]
  const version = /class file (?:has wrong version|version) (\d+)\.\d+/.exec(told)?.[1]
  if (version === undefined) return []
  return [
    `A dependency is compiled for Java ${Number(version) - CLASS_FILE_JAVA_8 + 8}; the JDK in use is older.`,
  ]
}

function toldBy({ failure, detail = [], cause = '' }: Finding): string[] {
  return [failure.message, cause, ...detail]
}
