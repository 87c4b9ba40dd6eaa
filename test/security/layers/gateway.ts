import type { Layer } from '../case.ts'
export async function openGateway(): Promise<Layer> {
  throw new Error('not yet')
}
