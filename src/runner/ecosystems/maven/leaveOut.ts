import type { MavenArtifact } from '../../../contract/ecosystems/maven/install.ts'
import type { Warning } from '../../../contract/verdict.ts'
import { type Declaration, declarations } from './declarations.ts'
import type { Model } from './pom/model.ts'
import type { MavenRepository } from './repository.ts'

/** An artifact that no repository has, in whose place an empty one is installed. */
export interface LeftOut {
  readonly artifact: MavenArtifact
  /** Not even its POM can be had. */
  readonly pom: boolean
}

/**
 * Whether artifacts that an install did not get can be left out: jars that only others need, or that a module declares
 * for its tests or as optional. An empty plugin, parent or BOM would be no build any more.
 */
export async function leaveOut(
  model: Model,
  repository: MavenRepository,
  missing: readonly MavenArtifact[],
  known: Map<string, LeftOut>,
): Promise<{ readonly leftOut: readonly string[] } | { readonly refused: string } | undefined> {
  if (missing.length === 0) return undefined
  const declared = await declarations(model)
  const reasons: string[] = []
  const fresh: string[] = []
  for (const artifact of missing) {
    const name = nameOf(artifact)
    // A log is only words: what the repositories have is never taken for missing.
    const reason =
      reasonToKeep(declared, artifact) ??
      (known.has(name) ? refusedAnyway : undefined) ??
      ((await isThere(repository, artifact)) ? `the repositories have ${name}` : undefined)
    if (reason !== undefined) reasons.push(reason)
    else {
      known.set(name, { artifact, pom: (await repository.pom(artifact)) === undefined })
      fresh.push(name)
    }
  }
  return fresh.length > 0 ? { leftOut: fresh } : { refused: reasons[0] ?? refusedAnyway }
}

async function isThere(repository: MavenRepository, artifact: MavenArtifact): Promise<boolean> {
  const suffix = artifact.classifier === undefined ? '.jar' : `-${artifact.classifier}.jar`
  return (await repository.file(artifact, suffix)) !== undefined
}

const refusedAnyway = 'an empty jar in its place is refused as well'

/** `group:artifact:version`, with a classifier where there is one. */
function nameOf({ groupId, artifactId, version, classifier }: MavenArtifact): string {
  return [groupId, artifactId, ...(classifier === undefined ? [] : [classifier]), version].join(':')
}

function reasonToKeep(declared: readonly Declaration[], artifact: MavenArtifact): string | undefined {
  const name = `${artifact.groupId}:${artifact.artifactId}`
  if (artifact.type !== undefined) return `${name} is no jar but of the type ${artifact.type}`
  const places = declared.filter((one) => one.name === name && one.profile === undefined)
  const needing = places.find(
    ({ kind, scope, optional }) =>
      kind !== 'managed' && !(kind === 'dependency' && (scope === 'test' || optional)),
  )
  if (needing === undefined) return undefined
  return needing.kind === 'dependency'
    ? `${needing.pom.path} itself depends on ${name}`
    : `${needing.pom.path} has ${name} as its ${needing.kind === 'bom' ? 'BOM' : needing.kind}`
}

/** Nothing here tells whether it is needed where no check leads. */
export function leftOutWarnings(leftOut: readonly LeftOut[]): readonly Warning[] {
  return leftOut.map(({ artifact }) => {
    const name = nameOf(artifact)
    const message = `No repository has ${name} any more: an empty jar was installed in its place, as --allow-missing allows. What passes without it says nothing of what needs it.`
    return { code: `left-out:${name}`, message, severity: 'acknowledge' }
  })
}
