import type { Warning } from '../../../contract/verdict.ts'
import { jdkMajor } from '../../toolchains/jdk/need.ts'
import type { UpdatePlan } from '../plan.ts'
import type { Project } from '../project.ts'
import type { Release } from '../release/release.ts'
import { type JdkChoice, nearest } from './jdk.ts'

/** Packages that move with the asked one and are looked into as well. */
const mostMoves = 4

type ReadRelease = (update: {
  readonly package: string
  readonly from: string
  readonly to: string
}) => Promise<Release | undefined>

/**
 * The build on the JDK that the classes of what moves are compiled for, where the one it has is a guess: no change of
 * sources mends classes that a JDK cannot read.
 */
export async function newerJdk(
  project: Project,
  plan: UpdatePlan,
  { major, source, isGuess }: JdkChoice,
  read: ReadRelease,
): Promise<Pick<UpdatePlan, 'newerTools' | 'warnings'>> {
  if (isGuess !== true) return {}
  const asked = await Promise.all(
    plan.moves.slice(0, mostMoves).map(async ({ name, from, to }) => {
      const release =
        from === undefined || to === undefined ? undefined : await read({ package: name, from, to })
      return { name, to, java: release === undefined ? 0 : javaOf(release) }
    }),
  )
  const first = asked.toSorted((a, b) => b.java - a.java)[0]
  // A base that was moved already is on what was asked for.
  if (first === undefined || first.java <= (jdkMajor(project.image) ?? major)) return {}
  const asks = `${first.name} ${first.to} is compiled for Java ${first.java}`
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
