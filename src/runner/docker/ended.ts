import { setTimeout as delay } from 'node:timers/promises'
import type Docker from 'dockerode'
import { waitFor } from './calls.ts'
import { statusOf } from './labels.ts'

const tries = 5
const pollMs = 50

/**
 * The exit code of PID 1, from a call that waits for it; undefined where the container is gone. A connection that is
 * silent for minutes may be cut on its way to the engine: then the engine is asked again.
 */
export async function containerStatus(
  container: Docker.Container,
  waiting: Promise<number>,
): Promise<number | undefined> {
  let asked = waiting
  for (let left = tries; left > 0; left -= 1) {
    try {
      return await asked
    } catch (error) {
      if (statusOf(error) !== undefined) return undefined
    }
    const state = (await container.inspect().catch(() => undefined))?.State
    if (state?.Status === 'exited') return state.ExitCode
    // One that was only created has an exit code too: 0.
    asked = waitFor(container, state?.Status === 'created' ? 'next-exit' : 'not-running')
    // The last one is awaited by nobody: with a dead engine it would end the runner.
    asked.catch(() => undefined)
  }
  return undefined
}

/**
 * The exit code of a command whose output ended: the engine may learn of its end a moment after its output's, and a
 * connection that broke off says nothing of the command. Ends with the container at the latest.
 */
export async function execStatus(exec: Docker.Exec): Promise<number | null> {
  for (;;) {
    const { Running, ExitCode } = await exec.inspect()
    if (!Running) return ExitCode
    await delay(pollMs)
  }
}
