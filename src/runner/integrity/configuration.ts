import { parse as parseJsonc } from 'jsonc-parser'
import { recordOf } from '../../contract/json.ts'
import { escapeRegExp } from '../../contract/text.ts'
import type { Warning } from '../../contract/verdict.ts'
import type { IntegrityModule } from '../ecosystems/module.ts'
import { isGenerated } from '../patch/generated.ts'
import { acknowledge, type Change, changedLines, code, type Evidence } from './change.ts'
import { changedKeys } from './changedKeys.ts'
import { neutralised } from './neutralised.ts'

/** Settings that decide which tests run, when a run counts as passed, what runs before it, and how strict a check is. */
const settings = [
  /\b(?:exclude|include|ignore\w*|testMatch|testRegex|\w*IgnorePatterns|testNamePattern|grep|fgrep|invert|spec|files|roots|dir|projects|shard|only\w*|skip\w*)\b/i,
  /\b(?:retry|retries|retryTimes|bail|exit|maxFailures|timeout|addopts|deselect|markers|norecursedirs|collect_ignore\w*|testpaths|python_files)\b/i,
  /\b(?:\w*thresholds?|lines|branches|functions|statements|check-?coverage|coverage)\b/i,
  /\b(?:pass-?with-?no-?tests|allowOnly|forbid-?only|forbid-?pending|dangerouslyIgnore\w*|fail\w*|errorOn\w*)\b/i,
  /\b(?:setupFiles\w*|globalSetup|globalTeardown|require|import|loader|node-?options?|testEnvironment|environment|testRunner|runner|transform\w*|moduleNameMapper|alias|resolver|reporters?|snapshotSerializers|preload)\b/i,
  /\b(?:strict\w*|noImplicit\w*|noUnused\w*|noUnchecked\w*|noFallthrough\w*|noEmitOnError|noProperty\w*|skipLibCheck|checkJs|allowJs|exactOptional\w*|useUnknown\w*|allowUnreachable\w*)\b/i,
  /\b(?:rules|overrides|off|warn|max-?warnings|extends|plugins|recommended|disable\w*|suppress\w*)\b/i,
]
const isToolConfig =
  /(^|\/)((ts|js)config[^/]*\.json|[^/]*\.(config|workspace|setup)\.\w+|\.[^/]*rc(\.\w+)?|\.[^/]*ignore|(Makefile|GNUmakefile|Justfile|Taskfile\.ya?ml)|tox\.ini|pytest\.ini|setup\.cfg|pyproject\.toml|biome\.jsonc?|mocha\.opts|nx\.json|turbo\.json|lerna\.json|pom\.xml|checkstyle[^/]*\.xml)$/i

const environment =
  /\b(NODE_OPTIONS|node[-_]options|script-shell|LD_PRELOAD|PYTHONSTARTUP|JAVA_TOOL_OPTIONS|MAVEN_OPTS|PATH\s*[:=])/i
const entryFile =
  /(^|\/)(conftest|sitecustomize|usercustomize)\.py$|(^|\/)__mocks__\/|(^|\/)[^/]*(setup|teardown|bootstrap|preload|register|hooks?|fixtures?|matchers?|environment)[^/]*\.[cm]?[jt]sx?$/i

/** Changed settings: key paths of a JSON file, else the lines that differ. */
function changedSettings(change: Change): readonly string[] {
  if (!/\.jsonc?$|rc$/.test(change.path)) return changedLines(change)
  try {
    const [before, after] = [change.before, change.after].map((text) =>
      parseJsonc(text ?? '{}', [], { allowTrailingComma: true }),
    )
    const paths = changedPaths(before, after)
    return paths.length > 0 ? paths : changedLines(change)
  } catch {
    // Nested deeper than any configuration is.
    return changedLines(change)
  }
}

function changedPaths(before: unknown, after: unknown): string[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const [old, now] = [recordOf(before), recordOf(after)]
  const keys = changedKeys(old, now)
  return keys.flatMap((key) => {
    const inside = changedPaths(old[key], now[key])
    return inside.length === 0 ? [key] : inside.map((path) => `${key}.${path}`)
  })
}

function environmentWarnings({ path, role }: Change, lines: readonly string[]): Warning[] {
  if (role === 'docs' || !/(^|\/)\.env|rc$/.test(path) || !lines.some((line) => environment.test(line)))
    return []
  return [
    acknowledge(`environment:${path}`, path, `${path} changes the environment that every tool runs in.`),
  ]
}

function neutralisedWarnings({ path }: Change, lines: readonly string[]): Warning[] {
  const script = /\.(sh|bash|zsh|ya?ml|mk)$|(^|\/)(GNU)?[Mm]akefile$/.test(path)
  if (!(script || isToolConfig.test(path)) || !lines.some((line) => neutralised.test(line))) return []
  return [acknowledge(`neutralised:${path}`, path, `${path} may let a failing command pass.`)]
}

/** A manifest by what it says: dependencies and versions are what an update is about, all else is the build. */
function buildWarnings({ path }: Change, settings: readonly string[]): Warning[] {
  if (settings.length === 0) return []
  const message = `${path} changes ${settings.slice(0, 6).join(', ')}: what is built and checked, or how.`
  return [acknowledge(`configuration:${path}`, path, message)]
}

function configWarnings(change: Change, rules: readonly IntegrityModule[]): Warning[] {
  const { path, role, after } = change
  const build = rules.map((one) => one.settings?.(change)).find((found) => found !== undefined)
  if (build !== undefined) return buildWarnings(change, build)
  const bare = code(change)
  const lines = changedLines(bare)
  const found = [...environmentWarnings(change, lines), ...neutralisedWarnings(change, lines)]
  if (role === 'docs' || !isToolConfig.test(path)) return found
  const changed = changedSettings(bare)
  const words = settings.flatMap((setting) => changed.flatMap((line) => setting.exec(line)?.[0] ?? []))
  if (words.length === 0 && after !== undefined) return found
  const what = after === undefined ? 'is deleted' : `changes ${[...new Set(words)].slice(0, 8).join(', ')}`
  return [
    ...found,
    acknowledge(`configuration:${path}`, path, `${path} ${what}: what is checked, or how strictly.`),
  ]
}

function names(text: string, path: string): boolean {
  const bare = escapeRegExp(path.replace(/\.[cm]?[jt]sx?$/, ''))
  return new RegExp(`(^|[\\s'"\`=:/(])${bare}(\\.\\w+)?($|[\\s'"\`;&|),])`, 'm').test(text)
}

const isTestFile = /\.(test|spec|e2e)\.|(^|[/_.-])(test|spec)s?\.[cm]?[jt]sx?$|(^|\/)test[-_]/i

/** Files that the checks start from: set-up files, mocks, and what scripts and configuration name. */
function kitWarnings({ changes, kit }: Evidence, rules: readonly IntegrityModule[]): Warning[] {
  const scripts = rules.map((one) => one.commands?.(kit) ?? '').join('\n')
  const configuration = [...kit.values()].join('\n')
  return changes.flatMap(({ path, role }) => {
    if (role !== 'test' && role !== 'source' && role !== 'config') return []
    const started = !isTestFile.test(path) && names(scripts, path)
    const setUp =
      role !== 'source' && !isTestFile.test(path) && (entryFile.test(path) || names(configuration, path))
    if (!started && !setUp) return []
    const message = started ? `${path} is run by a script of the checks.` : `${path} sets up the tests.`
    return [acknowledge(`kit:${path}`, path, message)]
  })
}

/** Scripts, configuration, environment, set-up files and generated files that a patch changes. */
export function configurationWarnings(evidence: Evidence, rules: readonly IntegrityModule[]): Warning[] {
  const found = evidence.changes.flatMap((change) => {
    const { path } = change
    const made = isGenerated(path)
      ? [
          acknowledge(
            `generated:${path}`,
            path,
            `${path} belongs to an installation or a cache; the checks ran without it.`,
          ),
        ]
      : []
    const ofManifest = rules.flatMap((one) => one.manifest?.(change) ?? [])
    return [...made, ...ofManifest, ...configWarnings(change, rules)]
  })
  // Which of its settings changed says more than that the tests start from it.
  const told = new Set(found.map(({ code }) => code))
  return [...found, ...kitWarnings(evidence, rules).filter(({ path }) => !told.has(`configuration:${path}`))]
}
