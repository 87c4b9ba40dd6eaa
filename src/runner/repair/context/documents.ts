import { type DocumentAnswer, jarAddress } from '../../../contract/agent.ts'
import type { Release } from '../../ecosystems/release/release.ts'
import { changeLine } from './apiText.ts'
import { renames } from './renames.ts'

/** What the agent's Read gives of a release beside what its first message holds. */
export const releaseAddress = {
  changelog: 'drydock://release/changelog',
  interface: 'drydock://release/interface',
} as const

/** An entry of a jar as text, by `jarAddress`, or why it cannot be had. */
export type ReadJar = (address: string, signal: AbortSignal) => Promise<DocumentAnswer>

/** What the agent's Read gives that is no file of the workspace. */
export async function readDocument(
  known: { readonly release?: Release; readonly readJar?: ReadJar },
  address: string,
  signal: AbortSignal,
): Promise<DocumentAnswer> {
  if (jarAddress(address) !== undefined)
    return (await known.readJar?.(address, signal)) ?? { refused: 'there are no jars in this project' }
  const text = releaseDocument(known.release, address)
  return text === undefined ? { refused: 'there is no such document of the new version' } : { text }
}

/** A document of the release by its address, `?name=` narrowing the interface to names that contain it. */
export function releaseDocument(release: Release | undefined, address: string): string | undefined {
  if (release === undefined) return undefined
  const [base, query = ''] = address.split('?', 2)
  if (base === releaseAddress.changelog) {
    if (release.notes.length === 0) return 'The package carries no changelog of these versions.'
    return release.notes.map(({ version, text }) => `## ${version}\n\n${text}`).join('\n\n')
  }
  if (base !== releaseAddress.interface) return undefined
  const wanted = new URLSearchParams(query).get('name')?.toLowerCase() ?? ''
  const known = renames(release)
  const lines = release.changes
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .flatMap((change) => [
      changeLine(change, known.get(change)),
      ...(wanted === '' ? [] : (change.members ?? []).map((member) => `  - \`${member}\``)),
    ])
  return lines.length === 0 ? 'Nothing of that name was removed, changed or added.' : lines.join('\n')
}
