import { failures } from '../../contract/failures.ts'
import type { Ecosystem } from '../ecosystems/ecosystem.ts'
import type { Project, Tree } from '../ecosystems/project.ts'
import { InstallError } from './runInstall.ts'

/**
 * What another try of a failed install does without; undefined where it is not worth one. Throws why what it could not
 * get cannot be left out, where the user would do without.
 */
export async function leftOut(
  { leaveOut }: Ecosystem,
  tree: Tree,
  project: Project,
  error: unknown,
): Promise<readonly string[] | undefined> {
  if (leaveOut === undefined || !(error instanceof InstallError)) return undefined
  const found = await leaveOut(tree, project, error)
  if (found !== undefined && 'leftOut' in found) return found.leftOut
  if (found !== undefined) throw failures.cannotLeaveOut(error.failure, found.refused)
  if (error.gone.length > 0) throw failures.cannotLeaveOut(error.failure, 'no lock file pins it')
  return undefined
}
