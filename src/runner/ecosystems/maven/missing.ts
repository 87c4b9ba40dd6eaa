import { stripVTControlCharacters } from 'node:util'
import type { MavenArtifact } from '../../../contract/ecosystems/maven/install.ts'

/** What Maven's resolver says offline of an artifact that it does not have. */
const patterns = [
  /the artifact (\S+) has not been downloaded from it before/g,
  /(\S+) was not found in \S+ during a previous attempt/g,
  /Could not find artifact (\S+)(?: in| \(|$)/gm,
  /The following artifacts could not be resolved: ((?:\S+(?: \(absent\))?, )*\S+)(?: \(absent\))?:/g,
  // Numbered, under "Missing:", with advice to download each by hand: surefire's providers, old resolvers.
  /^(?:\[\w+\] )?\s*\d+\) (\S+:\S+:\S+)\s*\n(?:\[\w+\])?\s*(?:\[\w+\] +)?Try downloading/gm,
  /Failure to (?:find|transfer) (\S+) (?:in|from) /g,
  /Could not transfer artifact (\S+) from/g,
  /Unable to (?:resolve|find) artifact:? (\S+:\S+:\S+)/g,
  /Artifact (\S+:\S+:\S+) (?:could not be resolved|is not available offline)/g,
]
/** A warning: whoever lost to another version is not needed, and a plugin may run without. */
const withoutPom = /The POM for (\S+) is missing/g
const failedGoal = /Failed to execute goal [^\n]*(?:\n\[ERROR\] (?!Failed)[^\n]*){0,3}/g
// Parts of it become folders.
const name = /^\w[\w.-]*$/
const most = 60

/**
 * Artifacts that an offline run wanted and did not have, by coordinate; those of the build itself are left out. Where
 * nothing but tests failed, all that they and the plugins needed was there, whatever was warned of.
 */
export function missingArtifacts(
  log: string,
  isMember: (groupId: string, artifactId: string) => boolean,
): readonly MavenArtifact[] {
  const text = stripVTControlCharacters(log)
  const found = new Map<string, MavenArtifact>()
  for (const pattern of failedByTests(text) ? patterns : [...patterns, withoutPom]) {
    for (const [, list = ''] of text.matchAll(pattern)) {
      for (const coordinates of list.split(/, | \(absent\)/)) {
        const artifact = parse(coordinates)
        if (artifact === undefined || isMember(artifact.groupId, artifact.artifactId)) continue
        found.set(JSON.stringify(artifact), artifact)
      }
    }
  }
  return [...found.values()].slice(0, most)
}

/** Surefire and failsafe say where the results are once tests have run. */
function failedByTests(text: string): boolean {
  const failed = text.match(failedGoal) ?? []
  return failed.length > 0 && failed.every((one) => one.includes('for the individual test results'))
}

/** `group:artifact:type[:classifier]:version`. */
function parse(text: string): MavenArtifact | undefined {
  const parts = text.replace(/[,.;]$/, '').split(':')
  if (parts.length < 3 || parts.length > 5 || !parts.every((part) => name.test(part))) return undefined
  const [groupId = '', artifactId = '', type = 'jar'] = parts
  const version = parts.at(-1) ?? ''
  const classifier = parts.length === 5 ? parts[3] : undefined
  return {
    ...{ groupId, artifactId, version },
    ...(parts.length === 3 || type === 'jar' ? {} : { type }),
    ...(classifier === undefined ? {} : { classifier }),
  }
}
