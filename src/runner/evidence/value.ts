import type { EvidenceRecord } from '../../contract/evidence.ts'
import type { Matrix, Report, RunRole } from '../../contract/report.ts'

/** Runs that a bundle holds reports of. */
export const bundledRoles = ['base', 'update', 'repair', 'overlay', 'dropped'] as const satisfies RunRole[]
export type BundledRole = (typeof bundledRoles)[number]

/** What a session proves, as a value; its files follow from it byte by byte. */
export interface Bundle {
  readonly record: EvidenceRecord
  readonly patch: string
  readonly update?: string
  readonly reports: Readonly<Partial<Record<BundledRole, Report>>>
  readonly matrix: Matrix
}

/** Contents by name; names are relative, in slashes. */
export type BundleFiles = ReadonlyMap<string, Buffer>
