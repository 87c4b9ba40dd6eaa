/** Direct dependencies with the version that Maven resolved, by module: `group:artifact` to `group:artifact` to version. */
export type ResolvedModules = Record<string, Record<string, string>>

/** All that modules are built and tested with, however deep, in every version: `group:artifact` to versions. */
export type ResolvedPackages = Record<string, string[]>

/** The logger that prints each module's graph when it is told to. */
export const graphLogger = 'org.apache.maven.project.DefaultProjectDependenciesResolver'

const line = /^\[DEBUG\] ( *)([\w.-]+):([\w.-]+):(\S+)/
/** Spaces a level of the graph. */
const indent = 3

/** Reads the graphs out of a log, into both; what is resolved later, with more scopes, comes on top. */
export function readGraphs(log: string, modules: ResolvedModules, packages: ResolvedPackages): void {
  let direct: Record<string, string> | undefined
  for (const text of log.split('\n')) {
    const [, blanks, group = '', artifact = '', rest = ''] = line.exec(text) ?? []
    if (blanks === undefined) continue
    const name = `${group}:${artifact}`
    if (blanks === '') {
      modules[name] ??= {}
      direct = modules[name]
      continue
    }
    const version = versionIn(rest)
    if (direct === undefined || version === undefined) continue
    if (blanks.length === indent) direct[name] = version
    packages[name] ??= []
    if (!packages[name].includes(version)) packages[name].push(version)
  }
}

/** Without the modules themselves, which are built here and brought by nobody. */
export function broughtPackages(modules: ResolvedModules, packages: ResolvedPackages): ResolvedPackages {
  return Object.fromEntries(Object.entries(packages).filter(([name]) => !(name in modules)))
}

/** `jar:1.0:compile` or `jar:classifier:1.0:compile`. */
function versionIn(rest: string): string | undefined {
  const parts = rest.split(':')
  return parts.length < 3 ? undefined : parts.at(-2)
}

/** What is left of a log for a person. */
export function withoutGraphs(log: string): string {
  return log
    .split('\n')
    .filter((text) => !text.startsWith('[DEBUG]'))
    .join('\n')
}
