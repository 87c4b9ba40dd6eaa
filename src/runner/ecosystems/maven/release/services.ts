import type { ApiChange } from '../../release/release.ts'
import type { Jar } from './jar.ts'
import { dotted, ownName } from './javaText.ts'

/**
 * Providers that came or went. One of somebody else's interface matters to every project that has the jar: a driver is
 * not found any more, a logger takes over. One of the jar's own matters where the project uses the interface, and only
 * where it went.
 */
export function serviceChanges(before: Jar, after: Jar): readonly ApiChange[] {
  if (before.partial || after.partial) return []
  const own = new Set([...before.classes.keys(), ...after.classes.keys()].map(dotted))
  const services = new Set([...before.services.keys(), ...after.services.keys()])
  return [...services].flatMap((service) => {
    const had = before.services.get(service) ?? new Set()
    const has = after.services.get(service) ?? new Set()
    const [gone, come] = [without(had, has), without(has, had)]
    if (gone.length + come.length === 0) return []
    const name = service.replaceAll('$', '.')
    if (!own.has(name)) return [ofOthers(name, gone, come)]
    return gone.length === 0 ? [] : [ofItsOwn(name, gone, come, has.size)]
  })
}

function ofOthers(name: string, before: readonly string[], after: readonly string[]): ApiChange {
  return {
    ...{ name: `providers of ${name} (META-INF/services)`, word: name },
    ...{ kind: 'changed', of: 'package', before, after },
  }
}

function ofItsOwn(name: string, gone: readonly string[], come: readonly string[], left: number): ApiChange {
  const now = come.length > 0 ? come.join(', ') : left === 0 ? 'nothing' : 'the others alone'
  const sides = { before: [`provided by ${gone.join(', ')}`], after: [`provided by ${now}`] }
  return { name, word: ownName(name.replaceAll('.', '/')), kind: 'changed', of: 'member', ...sides }
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((one) => !others.has(one)).sort()
}
