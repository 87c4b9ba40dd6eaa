import type { Tone } from '../../src/contract/states/tone.ts'

const shapes = {
  good: 'M6.3 11.6 2.9 8.2l1-1 2.4 2.4 5.8-5.8 1 1z',
  bad: 'M8 7 4.5 3.5l-1 1L7 8l-3.5 3.5 1 1L8 9l3.5 3.5 1-1L9 8l3.5-3.5-1-1z',
  warn: 'M8 1.5 15 14H1L8 1.5zm0 2.9L3.4 12.7h9.2L8 4.4zM7.4 7h1.2v3.2H7.4V7zm0 3.9h1.2V12H7.4v-1.1z',
  plain: 'M8 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
  skipped: 'M3 7.4h10v1.2H3z',
  closed: 'm6 3.5 4.5 4.5L6 12.5l-.9-.9L8.700 8 5.100 4.400z',
  open: 'M3.500 6 8 10.500 12.500 6l-.9-.9L8 8.700 4.400 5.100z',
} as const

interface Properties {
  readonly name: keyof typeof shapes
  readonly tone?: Tone
}

/** Drawn beside a word that says the same. */
export function Icon({ name, tone = 'plain' }: Properties) {
  return (
    <svg class={`icon tone-${tone}`} viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
      <path d={shapes[name]} fill-rule="evenodd" />
    </svg>
  )
}

export function ToneIcon({ tone }: { readonly tone: Tone }) {
  return tone === 'busy' ? <span class="spinner" aria-hidden="true" /> : <Icon name={tone} tone={tone} />
}
