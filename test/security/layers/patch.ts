import type { Layer } from '../case.ts'
export async function openPatch(): Promise<Layer> {
  throw new Error('not yet')
}
