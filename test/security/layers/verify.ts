import type { Layer } from '../case.ts'
export async function openVerify(): Promise<Layer> {
  throw new Error('not yet')
}
