import type { Warning } from '../../../contract/verdict.ts'
import { jdkMajor } from '../../toolchains/jdk/need.ts'
import type { UpdatePlan } from '../plan.ts'
import type { Project } from '../project.ts'
import type { Release } from '../release/release.ts'
import { type JdkChoice, majorOf, nearest } from './jdk.ts'
import type { Pom } from './pom/pom.ts'
import type { MavenRepository } from './repository.ts'

/** Packages that move with the asked one and are looked into as well. */
const mostMoves = 4

type ReadRelease = (update: {
  readonly package: string
  readonly from: string
  readonly to: string
}) => Promise<Release | undefined>

interface Asked {
  readonly read: ReadRelease
  /** What a parent has its children compiled for; 0 where it does not say. */
  readonly compiledFor: (name: string, version: string) => Promise<number>
}

/**
 * The build on the JDK that the classes of what moves are compiled for, where the one it has is a guess: no change of
 * sources mends classes that a JDK cannot read.
 */
export async function newerJdk(
  project: Project,
  plan: UpdatePlan,
  { major, source, isGuess }: JdkChoice,
  { read, compiledFor }: Asked,
): Promise<Pick<UpdatePlan, 'newerTools' | 'warnings'>> {
  if (isGuess !== true) return {}
  const asked = await Promise.all(
    plan.moves.slice(0, mostMoves).map(async ({ name, from, to }) => {
      if (from === undefined || to === undefined) return { name, to, java: 0, asks: '' }
      const release = await read({ package: name, from, to })
      if (release !== undefined) return { name, to, java: javaOf(release), asks: 'is compiled for' }
      return { name, to, java: await compiledFor(name, to), asks: 'has its children compiled for' }
    }),
  )
  const first = asked.toSorted((a, b) => b.java - a.java)[0]
  // A base that was moved already is on what was asked for.
  if (first === undefined || first.java <= (jdkMajor(project.image) ?? major)) return {}
  const asks = `${first.name} ${first.to} ${first.asks} Java ${first.java}`
  const own = `JDK ${major} (${source})`
  const old: Warning = {
    code: `engine:${first.name}`,
    message: `${asks}, and this project was checked on ${own}. Raise its Java, or name the right one in .drydock.json ("jdk") and run this again.`,
    severity: 'acknowledge',
  }
  const warnings = [...(plan.warnings ?? []), old]
  const newer = nearest(first.java)
  if (newer < first.java) return { warnings }
  return {
    warnings,
    newerTools: {
      project: {
        ...project,
        image: { kind: 'jdk', major: newer },
        toolchain: `JDK ${newer} (${first.name} asks for it)`,
      },
      trying: {
        code: `tools-tried:${first.name}`,
        message: `${asks}: the project is tried on JDK ${newer} first, as it is.`,
        severity: 'notice',
      },
      warning: {
        code: `newer-tools:${first.name}`,
        message: `${asks}: base and update were checked on JDK ${newer}. By itself the project would have been on ${own}; whoever runs it on that has to move as well.`,
        severity: 'acknowledge',
      },
    },
  }
}

/** What the newest of its classes needs; 0 where that is as before. */
function javaOf({ changes }: Release): number {
  const fact = changes.find(({ of, name }) => of === 'package' && name === 'compiled for')
  return Number(/\d+/.exec(fact?.after[0] ?? '')?.[0] ?? 0)
}

const levels = ['maven.compiler.release', 'maven.compiler.target', 'maven.compiler.source', 'java.version']
const maxParents = 10

/** The Java that a parent's own properties name, or its parents': what it decides on runs on that at least. 0 of a jar. */
export async function levelSaid(
  repository: Pick<MavenRepository, 'pom'>,
  name: string,
  version: string,
): Promise<number> {
  const [groupId = '', artifactId = ''] = name.split(':')
  let pom = await repository.pom({ groupId, artifactId, version })
  // What a jar was compiled for, its classes say.
  if (pom?.packaging !== 'pom') return 0
  for (let depth = 0; pom !== undefined && depth < maxParents; depth += 1) {
    const { properties } = pom.main
    const said = levels.map((level) => majorOf(properties.get(level)?.text ?? '') ?? 0)
    if (Math.max(...said) > 0) return Math.max(...said)
    const { parent }: Pom = pom
    if (parent?.version === undefined) return 0
    pom = await repository.pom({ ...parent, version: parent.version.text })
  }
  return 0
}
