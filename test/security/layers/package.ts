import type { Layer } from '../case.ts'
export async function openPackage(): Promise<Layer> {
  throw new Error('not yet')
}
