import { Base } from './base'
export class Channel extends Base {
  constructor(name: string)
  send(text: string): number
}
export function channel(name: string): Channel
