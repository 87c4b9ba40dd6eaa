import type { InstallWords } from '../installWords.ts'

/** What a package manager asks of git itself: the sandbox has none to ask. */
const askedOfGit = /\bls-remote\b.*?(?<url>(?:git\+)?(?:ssh|https?|git):\/\/[^\s"']+)/

/** How npm, pnpm and yarn say why an install failed. */
export const words: InstallWords = {
  explained: [
    [
      askedOfGit,
      ({ url = '' }) =>
        `a package that another one needs comes from git (${url}), and no lock file says which commit`,
    ],
  ],
  reasons: [
    /^npm (?:error|ERR!) code (?<text>\S+)$/,
    /^npm (?:error|ERR!) (?<text>(?!code |errno |A complete log|This|For a full|Run |node_modules|\s).+)$/,
    /^\s*(?<text>ERR_PNPM_\w+\s.+)$/,
    /^error (?<text>(?!Command failed|Found incompatible module).+)$/,
    /YN00\d\d: (?:│ )?(?<text>.*(?:Error|couldn't|can't|not found|failed|would have been).*)$/i,
  ],
  notFound:
    /\bE404\b|\bERR_PNPM_FETCH_404\b|\bYN0035\b|\bYN0001\b.*404|Request failed "404|returned a 404|404 Not Found|Not found/i,
  noVersion: [
    /No matching version found for (?<name>(?:@[^/\s@]+\/)?[^/\s@]+)@(?:npm:)?(?<range>[^\s]+?)\.?(?: inside| while|\s|$)/m,
    /Couldn't find any versions for "(?<name>[^"]+)" that matches "(?<range>[^"]+)"/,
    /(?<name>(?:@[^/\s@]+\/)?[^/\s@]+)@npm:(?<range>\S+): No candidates found/,
  ],
  causes: [
    [
      /\bERR_PNPM_(?:UNUSED_PATCH|PATCH_NOT_APPLIED)\b/,
      'A patch in `patchedDependencies` names a version that is not installed any more: make it anew for the version that is, or take its entry out.',
    ],
    [
      /\bERR_PNPM_(?:PATCH_FAILED|INVALID_PATCH)\b|Cannot apply hunk|Could not apply patch/i,
      'A patch does not fit the version that is installed: make it anew for that version, or take its entry out of the manifest.',
    ],
    [
      /\bERR_PNPM_(?:PATCH_FILE_NOT_FOUND|NON_EXISTENT_PATCH)\b/,
      'Commit the patch file that the manifest names.',
    ],
    [
      askedOfGit,
      'Commit a lock file: it names the commit, which is then fetched and served like any other package.',
    ],
    [
      /\bERR_PNPM_PEER_DEP_ISSUES\b/,
      'Update the packages named there together, or set `strict-peer-dependencies=false` in the project if that is how it is installed.',
    ],
    [
      /\bERESOLVE\b/,
      'Update the packages named there together, or set `legacy-peer-deps=true` in the .npmrc of the project if that is how it is installed.',
    ],
    [/\bEOVERRIDE\b/, 'Change the override in package.json together with the dependency that it is about.'],
    [
      /can only install packages when your package\.json and .* are in sync|\bERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE_CONFIG_MISMATCH|FROZEN_LOCKFILE_WITH_OUTDATED_LOCKFILE)\b|Your lockfile needs to be updated|\bYN0028\b/,
      'The lock file does not fit the manifests: run the install of the package manager and commit the lock file.',
    ],
    [
      /\bERR_PNPM_(?:BROKEN_LOCKFILE|LOCKFILE_BREAKING_CHANGE|LOCKFILE_MISSING_DEPENDENCY)\b|Invalid value type .* in yarn\.lock|Merge conflict/i,
      'The lock file is damaged: write it anew with the package manager and commit it.',
    ],
    [
      /\bE40[13]\b|\bERR_PNPM_FETCH_40[13]\b|\bYN0041\b|Request failed "40[13]/,
      'Log in to the registry on this machine: `npm login`.',
    ],
    [
      /\bE404\b|\bERR_PNPM_FETCH_404\b|\bYN0035\b|Request failed "404|returned a 404/,
      'If the package is private, log in on this machine (`npm login`); if it is gone, replace it in the project.',
    ],
    [
      /\bETARGET\b|\bERR_PNPM_NO_(?:MATCHING_VERSION|VERSIONS)\b|Couldn't find any versions for|\bYN0082\b|No candidates found/,
      'Correct the version that is asked for there: the registry does not have it.',
    ],
    [
      /\bEBADENGINE\b|\bERR_PNPM_(?:UNSUPPORTED_ENGINE|BAD_PM_VERSION)\b|The engine "\w+" is incompatible/,
      'Name the version of Node that the project runs on, such as `"node": "20"`, in .drydock.json.',
    ],
    [
      /\bEBADPLATFORM\b|\bERR_PNPM_(?:UNSUPPORTED_PLATFORM|BAD_PLATFORM)\b|The (?:platform|CPU architecture) "\w+" is incompatible/,
      'A package is made for another operating system or processor: make it an optional dependency.',
    ],
    [
      /\bEUNSUPPORTEDPROTOCOL\b|\bERR_PNPM_(?:SPEC_NOT_SUPPORTED_BY_ANY_RESOLVER|CATALOG_ENTRY_NOT_FOUND_FOR_SPEC)\b/,
      'The manifests are written for another package manager: commit its lock file, or name it in `packageManager`.',
    ],
    [
      /\bERR_PNPM_(?:WORKSPACE_PKG_NOT_FOUND|NO_MATCHING_VERSION_INSIDE_WORKSPACE)\b|\bEDUPLICATEWORKSPACE\b|Workspace not found/,
      'The workspaces of the project do not fit together: correct the names and versions in their manifests.',
    ],
    [
      /\bEINTEGRITY\b|\bERR_PNPM_TARBALL_INTEGRITY\b|Integrity check failed|\bYN0018\b/,
      'The registry gives other bytes than the lock file demands: find out which of them was changed.',
    ],
  ],
}
