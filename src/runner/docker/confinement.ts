import { DrydockError } from '../../contract/failure.ts'
import { abilitiesOf } from './abilities.ts'
import type { EngineFacts } from './facts.ts'
import { findImage } from './images.ts'
import { type SandboxOptions, sandboxOn } from './openSandbox.ts'
import { type InsideView, probeInside } from './probe.ts'
import { sessionsWithLeftovers, sweep } from './sweep.ts'

/** What a container made as every run makes them shows of its own protections. */
export type Confinement =
  | { readonly state: 'seen'; readonly inside: InsideView; readonly ownFilter: boolean }
  /** Nothing was tried: the image comes with the first run. */
  | { readonly state: 'not-built' }
  | { readonly state: 'refused'; readonly why: string }

/** Makes a container, asserts its protections and looks from inside; leaves nothing behind. */
export async function examineConfinement(
  options: Omit<SandboxOptions, 'sessionId'>,
  facts: EngineFacts,
): Promise<Confinement> {
  const { engine } = options
  const image = { ...options, docker: engine.docker, onProgress: () => undefined }
  if (!(await findImage(image, { kind: 'agent' }))) return { state: 'not-built' }
  const sessionId = `${prefix}${Date.now()}-${process.pid}`
  const single = { ...options, sessionId, oneWorkspace: true as const }
  const { sandbox, ownFilter } = sandboxOn(single, abilitiesOf(facts))
  // Beside the examination: what is swept is older than this one.
  const swept = sweepExaminations(engine)
  swept.catch(() => undefined)
  try {
    const built = await sandbox.image({ kind: 'agent' }, () => undefined)
    const inside = await probeInside(sandbox, built)
    return { state: 'seen', inside, ownFilter: ownFilter() }
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error
    return { state: 'refused', why: error.failure.message }
  } finally {
    await sandbox.dispose()
    await swept
  }
}

/** Before the time of its beginning, milliseconds, and its process: an examination is no session and has no lock. */
const prefix = 'examination-'
const longestMs = 120_000

/** Removes what killed examinations left, of any home. */
async function sweepExaminations({ docker }: SandboxOptions['engine']): Promise<void> {
  for (const id of await sessionsWithLeftovers(docker)) {
    const begun = id.startsWith(prefix) ? Number.parseInt(id.slice(prefix.length), 10) : Number.NaN
    if (begun < Date.now() - longestMs) await sweep(docker, id)
  }
}
