import type { Release } from '../../ecosystems/release/release.ts'
import { changeLine } from './apiText.ts'
import { renames } from './renames.ts'

/** What the agent's Read gives of a release beside what its first message holds. */
export const releaseAddress = {
  changelog: 'drydock://release/changelog',
  interface: 'drydock://release/interface',
} as const

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
    .map((change) => changeLine(change, known.get(change)))
  return lines.length === 0 ? 'Nothing of that name was removed, changed or added.' : lines.join('\n')
}
