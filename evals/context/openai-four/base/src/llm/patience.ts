import { setTimeout as sleep } from 'node:timers/promises'

function statusOf(error: any): number | undefined {
  return error?.response?.status
}

/** Again when the service is busy, not when it refuses. */
export async function patiently<T>(attempts: number, ask: () => Promise<T>, pause = 500): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      const status = statusOf(error)
      if (attempt >= attempts || (status !== 429 && status !== 503)) throw error
      await sleep(pause * attempt)
    }
  }
}
