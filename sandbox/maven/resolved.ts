/** Direct dependencies with the version that Maven resolved, by module: `group:artifact` to `group:artifact` to version. */
export type ResolvedModules = Record<string, Record<string, string>>

/** The logger that prints each module's graph when it is told to. */
export const graphLogger = 'org.apache.maven.project.DefaultProjectDependenciesResolver'

const line = /^\[DEBUG\] ( *)([\w.-]+):([\w.-]+):(\S+)/
/** Spaces a level of the graph. */
const indent = 3

/** Reads the graphs out of a log, into `modules`; what is resolved later, with more scopes, comes on top. */
export function readGraphs(log: string, modules: ResolvedModules): void {
  let direct: Record<string, string> | undefined
  for (const text of log.split('\n')) {
    const [, blanks, group = '', artifact = '', rest = ''] = line.exec(text) ?? []
    if (blanks === undefined) continue
    const name = `${group}:${artifact}`
    if (blanks === '') {
      modules[name] ??= {}
      direct = modules[name]
    } else if (blanks.length === indent && direct !== undefined) {
      const version = versionIn(rest)
      if (version !== undefined) direct[name] = version
    }
  }
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
