import { failures } from '../../contract/failures.ts'

/** One protection, and whether this engine gives it. */
export interface Protection {
  readonly name: string
  readonly state: 'on' | 'weaker' | 'off'
  /** Present where it is not `on`. */
  readonly why?: string
  /** Without it no container is started. */
  readonly essential: boolean
}

/** On, or off and then no container is started. What an engine does not say is asserted on each container all the same. */
export function essential(name: string, given: boolean | undefined, why: string): Protection {
  if (given !== false) return { name, state: 'on', essential: true }
  return { name, state: 'off', why, essential: true }
}

/** On, or said to be missing. */
export function desirable(
  name: string,
  given: boolean | undefined,
  state: 'weaker' | 'off',
  why: string,
): Protection {
  return given === false ? { name, state, why, essential: false } : { name, state: 'on', essential: false }
}

const badness = { on: 0, weaker: 1, off: 2 } as const

/** Each protection once, at its worst. */
export function worst(protections: readonly Protection[]): readonly Protection[] {
  const byName = new Map<string, Protection>()
  for (const one of protections) {
    const other = byName.get(one.name)
    if (other === undefined || badness[one.state] > badness[other.state]) byName.set(one.name, one)
  }
  return [...byName.values()]
}

/** What a run and `drydock doctor` both go by: the protections without which no container is started. */
export function missingEssentials(protections: readonly Protection[]): readonly Protection[] {
  return protections.filter((one) => one.essential && one.state === 'off')
}

/** Throws `protection-missing` where there are any. */
export function requireProtections(protections: readonly Protection[]): void {
  const missing = missingEssentials(protections)
  if (missing.length === 0) return
  throw failures.protectionMissing(
    missing.map(({ name }) => name),
    missing.map(({ name, why }) => `${name}: ${why ?? 'it is off'}`).join('\n'),
  )
}

/** The protections that are not wholly there, in one line; undefined where all are. */
export function shortfall(protections: readonly Protection[]): string | undefined {
  const named = (state: Protection['state']) =>
    protections.filter((one) => one.state === state).map(({ name }) => name)
  const parts = (['weaker', 'off'] as const).flatMap((state) =>
    named(state).length === 0 ? [] : [`${state}: ${named(state).join(', ')}`],
  )
  return parts.length === 0 ? undefined : parts.join('; ')
}
