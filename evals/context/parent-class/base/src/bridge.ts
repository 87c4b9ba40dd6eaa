import { type Channel, channel } from 'signalbox'

export interface Bridge {
  readonly radio: Channel
  readonly log: string[]
}

export function bridge(): Bridge {
  const radio = channel('radio')
  radio.open()
  return { radio, log: [] }
}
