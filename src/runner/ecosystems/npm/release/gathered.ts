import type * as t from '@babel/types'
import type { Signature } from '../../release/difference.ts'
import type { Linker } from './link.ts'
import type { Module } from './module.ts'

/** What is gathered while a package's exports are walked through. */
export interface Surface {
  readonly linker: Linker
  readonly members: Map<string, { signatures: Signature[]; deprecated: boolean }>
  readonly inherited: Set<string>
  /** Owners that extend what is not in the package: they may have more members than are read. */
  readonly open: Set<string>
  /** Declarations that are exported under a name of their own. */
  readonly exported: Set<t.Node>
  /** Declarations whose members were told already. */
  readonly told: Set<t.Node>
  readonly expanded: Set<Module>
}

const maxMembers = 60_000

export function emptySurface(linker: Linker): Surface {
  const sets = { inherited: new Set<string>(), exported: new Set<t.Node>(), told: new Set<t.Node>() }
  return { linker, members: new Map(), open: new Set(), ...sets, expanded: new Set() }
}

/** Ready for one more entry: what another one told already is told again under its names. */
export function nextEntry(surface: Surface): void {
  for (const seen of [surface.exported, surface.told, surface.expanded]) seen.clear()
}

export function addMember(surface: Surface, name: string, signature: Signature, deprecated = false): void {
  const known = surface.members.get(name)
  if (known !== undefined) {
    known.signatures.push(signature)
    known.deprecated &&= deprecated
  } else if (surface.members.size >= maxMembers) surface.linker.partial = true
  else surface.members.set(name, { signatures: [signature], deprecated })
}
