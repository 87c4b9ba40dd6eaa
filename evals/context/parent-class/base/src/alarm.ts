import type { Bridge } from './bridge'

export function alarm({ radio }: Bridge): number {
  return radio.push('mayday')
}
