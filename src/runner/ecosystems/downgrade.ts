import type { Warning } from '../../contract/verdict.ts'

/** What a person must know of an update that was asked for by name and goes back. */
export function downgrade(name: string, from: string, to: string): Warning {
  const message = `${name} goes back, from ${from} to ${to}: that is what was asked for, and no update.`
  return { code: `downgrade:${name}`, message, severity: 'acknowledge' }
}
