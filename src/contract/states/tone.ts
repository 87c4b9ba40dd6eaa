/** How good or bad it is; an icon and a word go with each, never a colour alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'plain' | 'busy'

export interface Fact {
  readonly tone: Tone
  readonly text: string
}
