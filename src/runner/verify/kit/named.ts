import { ecosystems } from '../../../contract/ecosystems/index.ts'
import type { Report, StepName } from '../../../contract/report.ts'
import { roleOf } from '../../patch/roles.ts'

/** A run with the files of the project that the output of each failed step names. */
export interface Ran {
  readonly report: Report
  readonly named: ReadonlyMap<StepName, ReadonlySet<string>>
}

/** A line that says what is run, which may name files that nothing has looked at. */
function saysCommand(line: string): boolean {
  return ecosystems.some(({ echoes }) => echoes?.test(line) === true)
}

const word = /[\w@.+()[\]~-]*(?:\/[\w@.+()[\]~-]+)*\.\w+/g

/** Files of a tree that a log names, by their path from the root. */
export function filesNamed(log: string, paths: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const line of log.split('\n')) {
    if (saysCommand(line)) continue
    for (const [token] of line.matchAll(word)) {
      const bare = token.includes(')') ? token : token.replace(/^\(+/, '')
      const path = bare.replace(/^\/?workspace\//, '').replace(/^\.\//, '')
      if (paths.has(path)) found.add(path)
    }
  }
  return found
}

/** Configuration and manifests are read before any work is done; a log that names nothing else shows no work. */
export function isWorkedOn(path: string): boolean {
  return !['config', 'manifest', 'lockfile', 'ci'].includes(roleOf(path))
}

/** Reads the logs of the failed steps; `paths` are those of the tree that ran. */
export async function withFiles(
  report: Report,
  paths: ReadonlySet<string>,
  logOf: (digest: string) => Promise<Buffer>,
): Promise<Ran> {
  const named = new Map<StepName, ReadonlySet<string>>()
  for (const { name, exitCode, log } of report.steps) {
    if (exitCode === 0) continue
    const text = (await logOf(log)).toString('utf8')
    named.set(name, new Set([...(named.get(name) ?? []), ...filesNamed(text, paths)]))
  }
  return { report, named }
}
