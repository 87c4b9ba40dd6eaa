import { z } from 'zod'
import { tryJson } from '../../../contract/json.ts'
import type { Inspection } from '../ecosystem.ts'
import type { Installed } from '../locked.ts'
import type { Resolved } from '../plan.ts'
import { type Declaration, declarations } from './declarations.ts'
import { mavenHome } from './install/layout.ts'
import type { Model } from './pom/model.ts'
import type { Pom } from './pom/pom.ts'
import type { Reactor } from './pom/reactor.ts'

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
    ...(one.kind === 'dependency' && one.profile === undefined ? {} : { unasked: true }),
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

/** Versions of direct dependencies by module, as Maven itself resolved them; see `sandbox/maven/resolved.ts`. */
const Modules = z.record(z.string(), z.record(z.string(), z.string()))

const Packages = z.record(z.string(), z.array(z.string()))

/** All that Maven resolved when the workspace was prepared; no artifact runs anything when it is fetched. */
export const installed: Installed = {
  argv: ['/bin/cat', '--', `${mavenHome}/packages.json`],
  read: (output) => {
    const parsed = Packages.safeParse(tryJson(output))
    if (!parsed.success) return undefined
    return Object.entries(parsed.data).flatMap(([name, versions]) =>
      versions.map((version) => ({ name, version, installScript: false })),
    )
  },
}

/** Asks what Maven resolved when the workspace was prepared. */
export function inspection(reactor: Reactor, name: string, manifests: readonly string[]): Inspection {
  return {
    argv: ['/bin/cat', '--', `${mavenHome}/resolved.json`],
    read: (output) => {
      const parsed = Modules.safeParse(tryJson(output))
      const found = new Map<string, { readonly version: string }>()
      for (const path of manifests) {
        const pom = reactor.byPath.get(path)
        const module = Object.entries(parsed.success ? parsed.data : {}).find(([key]) => isNamed(key, pom))
        const version = module?.[1][name]
        if (version !== undefined) found.set(path, { version })
      }
      return found
    },
  }
}

function isNamed(key: string, pom: Pom | undefined): boolean {
  if (pom === undefined) return false
  const { groupId = '', artifactId } = pom
  return groupId.includes('${') ? key.endsWith(`:${artifactId}`) : key === `${groupId}:${artifactId}`
}
