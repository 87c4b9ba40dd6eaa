import type { Services } from '../services.ts'

/** Show Statistics: figures over all sessions of this machine. */
export async function showStatistics({ statistics }: Services): Promise<void> {
  statistics.show()
}
