import type { Layer } from '../case.ts'
export async function openBroker(): Promise<Layer> {
  throw new Error('not yet')
}
