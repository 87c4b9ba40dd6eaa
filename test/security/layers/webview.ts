import type { Layer } from '../case.ts'
export async function openWebview(): Promise<Layer> {
  throw new Error('not yet')
}
