import type { Minimised } from './patch.ts'

/** What came of the search for parts that the checks do not need, in a phrase that is true of every end of it. */
export function minimisedLine({ unneeded, checks, complete }: Minimised): string {
  const found = `${unneeded.length} ${unneeded.length === 1 ? 'part' : 'parts'} of the repair not needed`
  const asked = `${checks} ${checks === 1 ? 'check' : 'checks'}`
  if (checks === 0)
    return complete ? 'the repair has one part' : 'not looked for parts of the repair that are not needed'
  if (!complete)
    return `${found} so far; not every part was tried: after ${asked} it had taken the time that it may`
  return unneeded.length === 0 ? `every part of the repair is needed (${asked})` : `${found} (${asked})`
}
