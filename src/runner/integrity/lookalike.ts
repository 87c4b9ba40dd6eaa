import type { Warning } from '../../contract/verdict.ts'
import { acknowledge } from './change.ts'

/** Shorter ones are one letter away from too many. */
const shortest = 4

/** One edit apart, or the same once signs that look alike are one; packages of one scope belong together. */
export function isNearly(known: string, name: string): boolean {
  if (known.length < shortest) return false
  const scope = /^@[^/]+\//.exec(known)?.[0]
  if (scope !== undefined && name.startsWith(scope)) return false
  return isOneEdit(known, name) || skeleton(known) === skeleton(name)
}

function skeleton(name: string): string {
  return name
    .replace(/[-_.]/g, '')
    .replaceAll('0', 'o')
    .replaceAll(/[1i]/g, 'l')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
}

/** A letter more, less, another one, or two that changed places. */
export function isOneEdit(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  if (a.slice(at + 1) === b.slice(at + 1)) return true
  if (a.slice(at) === b.slice(at + 1) || a.slice(at + 1) === b.slice(at)) return true
  return a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
}

/** What a person must know of a new name in the file at `path`; `nearly` finds the known one that it may be taken for. */
export function misleadingName(path: string, name: string, nearly: () => string | undefined): Warning[] {
  const of = `misleading-name:${name}`
  if (hasLookalikes(name)) {
    return [acknowledge(of, path, `${name} in ${path} has letters that look like others.`)]
  }
  const other = nearly()
  if (other === undefined) return []
  return [acknowledge(of, path, `${name}, new in ${path}, is spelt nearly like ${other}.`)]
}

/** Letters beyond those of ASCII are taken for those that they look like. */
function hasLookalikes(name: string): boolean {
  return /[^\x20-\x7e]/.test(name)
}
