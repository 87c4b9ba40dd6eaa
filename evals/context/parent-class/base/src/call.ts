import type { Bridge } from './bridge'

export function call(bridge: Bridge, text: string): void {
  bridge.log.push(text)
  bridge.radio.push(text)
}

export async function hangUp({ radio, log }: Bridge): Promise<void> {
  log.push('out')
  await radio.flush()
  radio.close()
}
