import pLimit from 'p-limit'
import { inWorkspace } from '../docker/using.ts'
import { treeView } from '../ecosystems/treeView.ts'
import type { Prepared } from '../prepare/prepare.ts'
import type { ReadJar } from '../repair/context/documents.ts'
import type { Run } from '../run.ts'
import { placeWithPackages, type Work } from './start.ts'

const listingLimits = { timeoutMs: 15_000, maxOutputBytes: 4_000_000 } as const
/** Shorter than a tool's call, so that the agent is told. */
const timeoutMs = 25_000

/**
 * What the agent's Read is given of jars. One at a time: who asks may be anybody in its container. The list of what was
 * installed is made once, when it is first needed.
 */
export function jarReader({ run, base, start }: Work): ReadJar | undefined {
  const { ecosystem, refilled } = base
  const { tree } = start
  const prepared = placeWithPackages({ base, start })
  const { archives } = ecosystem
  if (archives === undefined) return undefined
  const oneAtATime = pLimit(1)
  let listed: Promise<string> | undefined
  const listing = (): Promise<string> => {
    listed ??= list(run, refilled.get(prepared.key) ?? prepared, archives.list).catch((error: unknown) => {
      listed = undefined
      throw error
    })
    return listed
  }
  return (address, asked) =>
    oneAtATime(async () => {
      const limit = AbortSignal.timeout(timeoutMs)
      const signal = AbortSignal.any([run.signal, asked, limit])
      try {
        return await archives.read({ address, listing, tree: await treeView(run.repository, tree) }, signal)
      } catch (error) {
        run.signal.throwIfAborted()
        if (!limit.aborted) throw error
        return { refused: `${address} could not be read within ${timeoutMs / 1000} s` }
      }
    })
}

async function list(run: Run, prepared: Prepared, argv: readonly string[]): Promise<string> {
  const { sandbox, signal } = run
  return await inWorkspace(sandbox, prepared.image, prepared.workspace, signal, async (container) => {
    const { output } = await container.exec(argv, { ...listingLimits, cwd: '/', signal })
    return output.toString('utf8')
  })
}
