import type { Project } from '../project.ts'

/** A frozen install that was refused because the lock file does not say what the manifests do. */
const outOfStep =
  /can only install packages when your package\.json and .* are in sync|\bERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE|LOCKFILE_MISSING_DEPENDENCY)\b|Your lockfile needs to be updated, but yarn was run with|\bYN0028\b/

/** What a failed install needs: its lock file written anew, or npm 6's rules for peers; undefined where neither helps. */
export function remedy(log: string): 'lock' | 'peers' | undefined {
  if (/\bnpm (?:error|ERR!) (?:code )?ERESOLVE\b/.test(log)) return 'peers'
  return outOfStep.test(log) ? 'lock' : undefined
}

/** Only npm itself can be asked for the rules that it once had. */
export function looserPeers({
  packageManager,
}: Project): { readonly rules: string; readonly setting: string } | undefined {
  return packageManager.startsWith('npm@') ? { rules: 'npm 6', setting: 'legacy-peer-deps' } : undefined
}
