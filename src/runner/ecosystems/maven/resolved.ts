import type { Resolved } from '../ecosystem.ts'
import { type Declaration, declarations } from './declarations.ts'
import type { Model } from './pom/model.ts'

/** What the effective model has for every place of the build that names an artifact. */
export async function resolved(model: Model, name: string): Promise<readonly Resolved[]> {
  const own = (await declarations(model)).filter((one) => one.name === name)
  return [...own.map(resolvedOne), ...fromDisk(model, name)]
}

function resolvedOne(one: Declaration): Resolved {
  const by = deciderOf(one)
  return {
    manifest: one.pom.path,
    ...(one.current === undefined ? {} : { version: one.current }),
    ...(one.profile === undefined ? {} : { aside: `the profile ${one.profile} is not active` }),
    ...(by === undefined ? {} : { by }),
  }
}

function deciderOf({ given, through, place, managedIn, pom, text }: Declaration): string | undefined {
  if (given !== undefined) return `-D${given} in .mvn/maven.config`
  if (through !== undefined)
    return `${through.name} ${through.current ?? through.text} in ${through.pom.path}`
  if (place?.property !== undefined) {
    const whose = place.profile === undefined ? '' : ` of the profile ${place.profile}`
    return `the property ${place.property}${whose} in ${place.pom.path}`
  }
  if (text === '' && managedIn !== undefined && managedIn !== pom)
    return `dependencyManagement in ${managedIn.path}`
  return undefined
}

/** A file in the place of an artifact of a repository. */
function fromDisk({ reactor }: Model, name: string): readonly Resolved[] {
  return reactor.poms.flatMap((pom) =>
    [pom.main, ...pom.profiles].flatMap(({ dependencies }) =>
      dependencies
        .filter((one) => one.scope === 'system' && `${one.groupId}:${one.artifactId}` === name)
        .map(() => ({ manifest: pom.path, elsewhere: 'a file, by the scope system' })),
    ),
  )
}
