import type { SummaryCategory } from '../../contract/report.ts'
import { count, type Finding, FindingList, type Section, weights } from './finding.ts'

/** Findings of a tool as a section; undefined where there are none. */
export function sectionOf(
  category: SummaryCategory,
  tool: string,
  noun: string,
  found: readonly { readonly finding: Finding; readonly number: number }[],
  notes: readonly string[] = [],
): Section | undefined {
  const list = new FindingList()
  for (const { finding, number } of found) list.add(finding, number)
  if (list.size === 0) return undefined
  return {
    category,
    title: `${tool}: ${count(list.size + list.dropped, noun)}`,
    weight: weights.specific,
    firstLine: list.firstLine,
    findings: list.values(),
    notes,
    dropped: list.dropped,
  }
}

/** A finding with the number of the line it was found in. */
export interface Found {
  readonly finding: Finding
  readonly number: number
}
