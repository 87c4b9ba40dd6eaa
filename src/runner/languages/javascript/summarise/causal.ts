import { type Finding, type Section, weights } from '../../../summarise/finding.ts'
import { isShell } from './printed.ts'

/** A runner says of a file that could not be loaded that it failed; why stands in the error that was thrown. */
export function causal(sections: readonly Section[]): Section[] {
  const isThrown = ({ title }: Section) => title.startsWith('Node.js: ')
  if (!sections.some(isThrown)) return [...sections]
  const told = new Set(
    sections
      .filter((section) => !isThrown(section) && section.weight >= weights.specific)
      .flatMap(({ findings }) => findings.map(messageOf)),
  )
  const loads = sections.some((section) => isThrown(section) && section.weight === weights.load)
  return sections.flatMap((section) => {
    const keeps = (finding: Finding) =>
      isThrown(section) ? !told.has(messageOf(finding)) : !isShell(finding)
    const findings = section.findings.filter(keeps)
    if (findings.length === 0) return []
    const isTool = !isThrown(section) && section.weight >= weights.specific
    const explains = loads && isTool && findings.some((one) => isThrownLoad(one, sections))
    return [{ ...section, findings, ...(explains ? { weight: weights.load } : {}) }]
  })
}

function messageOf({ failure }: Finding): string {
  return failure.message
}

/** The cause of one of the errors that kept something from being loaded. */
function isThrownLoad(finding: Finding, sections: readonly Section[]): boolean {
  return sections.some(
    ({ title, findings }) =>
      title.startsWith('Node.js: ') && findings.some((one) => messageOf(one) === messageOf(finding)),
  )
}
