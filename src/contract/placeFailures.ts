import { type Ecosystem, factsOf, knownManifests } from './ecosystems/index.ts'
import { failure } from './failure.ts'

const shown = 8

function list(paths: readonly string[]): string {
  const more = paths.length > shown ? ` and ${paths.length - shown} more` : ''
  return `${paths.slice(0, shown).join(', ')}${more}`
}

/** `found` are manifests in folders, which nobody has named. */
function nameOne(found: readonly string[]): string {
  return `Name the one you mean, for example with \`--manifest ${found[0]}\`.`
}

/** Failures about where in a repository a project is. */
export const placeFailures = {
  noManifest: (root: string, found: readonly string[] = []) =>
    found.length === 0
      ? failure(
          'no-manifest',
          `${root} has no manifest that Drydock knows: ${knownManifests.listed}.`,
          `Run it in a repository whose packages ${knownManifests.managers} manages.`,
        )
      : failure(
          'no-manifest',
          `${root} has no ${knownManifests.either} at its top; there are ${list(found)}.`,
          nameOne(found),
        ),
  otherEcosystem: (root: string, asked: Ecosystem) => {
    const { manifest, name, named } = factsOf(asked)
    return failure(
      'no-manifest',
      `${root} has no ${manifest} there, and ${named?.as ?? 'this'} names a package of ${name}.`,
      'Check the name of the package, or name the manifest that declares it with --manifest.',
    )
  },
  noSuchManifest: (named: string, found: readonly string[]) =>
    failure(
      'no-manifest',
      `${named} is not a manifest of the commit${found.length === 0 ? '' : `; there are ${list(found)}`}.`,
      found.length === 0 ? 'Commit it, or correct the path.' : nameOne(found),
    ),
  sourceHostNotAllowed: (name: string, by: string, text: string, host: string) =>
    failure(
      'registry-not-allowed',
      `${by} takes ${name} from ${text}; ${host} is no public forge, nor the host of your own remote.`,
      `If you trust it, name it on this machine: --git-host ${host}, or the setting drydock.gitHosts.`,
    ),
  sourceUnavailable: (name: string, by: string, text: string, why: string, optional: boolean) =>
    failure(
      'install-failed',
      `${name}, which ${by} takes from ${text}, cannot be had: ${why}.`,
      `Check that it is still there and that git can read it from this machine, or move to a version that a registry has${optional ? '; --allow-missing leaves it out' : ''}.`,
    ),
}
