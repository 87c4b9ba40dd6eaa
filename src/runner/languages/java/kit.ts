import type { Warning } from '../../../contract/verdict.ts'
import { acknowledge, type Change } from '../../integrity/change.ts'

/** Files that a Java build or its test platform reads without being told to. */
const kits: readonly (readonly [RegExp, string])[] = [
  [/(^|\/)\.mvn\//, 'is read by every Maven run'],
  [
    /(^|\/)META-INF\/services\/(org\.junit|org\.testng|org\.mockito|org\.spockframework)/,
    'adds to the test platform',
  ],
  [/(^|\/)mockito-extensions\//, 'changes how mocks are made'],
  [/(^|\/)(junit-platform|spock|archunit)\.properties$/, 'sets up the test platform'],
  [/(^|\/)testng[^/]*\.xml$/i, 'says which tests run'],
  [
    /(^|\/)[^/]*(checkstyle|suppress|pmd|spotbugs|findbugs|detekt|revapi|japicmp)[^/]*\.xml$/i,
    'says what a checker looks for',
  ],
]

/** Files besides the POM that decide what a Java build checks, whatever they say. */
export function javaKitWarnings(changes: readonly Change[]): Warning[] {
  return changes.flatMap(({ path, role }) => {
    const kit = role === 'docs' ? undefined : kits.find(([pattern]) => pattern.test(path))
    if (kit === undefined) return []
    return [acknowledge(`configuration:${path}`, path, `${path} ${kit[1]}.`)]
  })
}
