import { stripVTControlCharacters } from 'node:util'

/**
 * Plugins that look at a build rather than make or test it, and those that ask for what a sandbox has not: a release's
 * key, a network, a container engine. Each with what leaves it out, as its own documentation names it.
 */
const rules: Readonly<Record<string, readonly string[]>> = {
  'animal-sniffer-maven-plugin': ['animal.sniffer.skip'],
  'apache-rat-plugin': ['rat.skip'],
  'bnd-baseline-maven-plugin': ['bnd.baseline.skip'],
  'buildnumber-maven-plugin': ['maven.buildNumber.skip'],
  'clirr-maven-plugin': ['clirr.skip'],
  'dependency-check-maven': ['dependency-check.skip'],
  'docker-maven-plugin': ['docker.skip'],
  'dockerfile-maven-plugin': ['dockerfile.skip'],
  'duplicate-finder-maven-plugin': ['duplicate-finder.skip'],
  'findbugs-maven-plugin': ['findbugs.skip'],
  'fmt-maven-plugin': ['fmt.skip'],
  forbiddenapis: ['forbiddenapis.skip'],
  'formatter-maven-plugin': ['formatter.skip'],
  'frontend-maven-plugin': ['skip.installnodenpm', 'skip.npm', 'skip.yarn', 'skip.gulp', 'skip.webpack'],
  'git-commit-id-maven-plugin': ['maven.gitcommitid.skip'],
  'git-commit-id-plugin': ['maven.gitcommitid.skip'],
  'impsort-maven-plugin': ['impsort.skip'],
  'japicmp-maven-plugin': ['japicmp.skip'],
  'jib-maven-plugin': ['jib.skip'],
  'license-maven-plugin': ['license.skip', 'license.skipCheckLicense', 'license.skipUpdateLicense'],
  'maven-checkstyle-plugin': ['checkstyle.skip'],
  'maven-dependency-plugin': ['mdep.analyze.skip'],
  'maven-enforcer-plugin': ['enforcer.skip'],
  'maven-gpg-plugin': ['gpg.skip'],
  'maven-invoker-plugin': ['invoker.skip'],
  'maven-javadoc-plugin': ['maven.javadoc.skip'],
  'maven-pmd-plugin': ['pmd.skip', 'cpd.skip'],
  'maven-site-plugin': ['maven.site.skip'],
  'modernizer-maven-plugin': ['modernizer.skip'],
  'ossindex-maven-plugin': ['ossindex.skip'],
  'revapi-maven-plugin': ['revapi.skip'],
  'sortpom-maven-plugin': ['sort.skip'],
  'spotbugs-maven-plugin': ['spotbugs.skip'],
  'spotless-maven-plugin': ['spotless.check.skip', 'spotless.apply.skip'],
}

/** Leaves all of them out, and lets a module whose tests fail be there for those that need it. */
export const toTheEnd: readonly string[] = [
  ...new Set([...Object.values(rules).flat(), 'maven.test.failure.ignore']),
].map((property) => `-D${property}=true`)

const failedGoal = /Failed to execute goal (?:[\w.-]+:)?([\w.-]+)(?::[\w.-]+)?:[\w-]+/g

const skippedModule = /^\[INFO\] .*\bSKIPPED\b/m

/** Whether a log says that a rule ended the build, or that failing tests kept modules from being built. */
export function endsEarly(log: string): boolean {
  const text = stripVTControlCharacters(log)
  const plugins = [...text.matchAll(failedGoal)].map(([, plugin = '']) => plugin)
  const tests = plugins.some((plugin) => /^maven-(?:surefire|failsafe)-plugin$/.test(plugin))
  return plugins.some((plugin) => rules[plugin] !== undefined) || (tests && skippedModule.test(text))
}
