import type { Settings } from './settings.ts'

interface Unit {
  /** What the setting is called in an editor, by the unit that a person thinks in. */
  readonly shown: string
  /** Of one of that unit. */
  readonly ms: number
}

/** Times that a person sets in an editor; everywhere else they are milliseconds, by the field's own name. */
export const settingUnits: Readonly<Partial<Record<keyof Settings, Unit>>> = {
  wallClockMs: { shown: 'wallClockMinutes', ms: 60_000 },
  verifyTimeoutMs: { shown: 'verifyTimeoutMinutes', ms: 60_000 },
  installTimeoutMs: { shown: 'installTimeoutMinutes', ms: 60_000 },
  toolTimeoutMs: { shown: 'toolTimeoutSeconds', ms: 1000 },
  minimiseMs: { shown: 'minimiseSeconds', ms: 1000 },
}

/** A time as a person set it, in whole milliseconds; undefined where it is no number. */
export function millisecondsOf(value: unknown, { ms }: Unit): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? Math.round(value * ms) : undefined
}
