import { join } from 'node:path'
import { ecosystems } from '../../src/contract/ecosystems/index.ts'
import { isDotGit, unportable } from '../../src/contract/paths.ts'
import { neutralise } from '../../src/contract/text.ts'
import { Denied } from './tool.ts'

/** Denies names of git's folder; a backslash separates as well as a slash here. */
export function denyGit(path: string): void {
  if (path.split(/[/\\]/).some(isDotGit))
    throw new Denied(`${path}: git's own files are out of bounds; use Git`)
}

function withoutRoot(path: string, root: string): string {
  if (!path.startsWith('/')) return path
  if (path === root || path.startsWith(`${root}/`)) return path.slice(root.length + 1)
  throw new Denied(`${path}: outside the repository; paths are relative to its root`)
}

/**
 * The names that a path is made of, from the root, `.` and `..` resolved by their text. Throws `Denied` where the path
 * is not text a person could read, leaves the root or names git's folder.
 */
export function segments(path: string, root: string): string[] {
  if (path.length === 0 || path.length > 4096) throw new Denied('a path has 1 to 4,096 characters')
  if (neutralise(path) !== path || /[\t\n]/.test(path)) {
    throw new Denied(`${JSON.stringify(path)}: control or hidden characters in a path`)
  }
  const names: string[] = []
  for (const name of withoutRoot(path, root).split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') names.push(name)
    else if (names.pop() === undefined) throw new Denied(`${path}: outside the repository`)
  }
  denyGit(names.join('/'))
  return names
}

/** Denies names for new files that not every system can check out. */
export function denyUnportable(names: readonly string[]): void {
  const why = unportable(names.join('/'))
  if (why !== undefined) throw new Denied(`${names.join('/')}: not a portable name: ${why}`)
}

// By lower-case name: what acts on a developer's machine or on CI, instructs agents, or decides what is checked.
const sensitiveFolder =
  /^\.(vscode|idea|fleet|zed|devcontainer|husky|git-?hooks|github|gitlab|circleci|buildkite|cursor|claude)$/
const sensitiveFiles: readonly RegExp[] = [
  /^(claude|claude\.local|agents?|gemini|skill|copilot-instructions)\.md$/,
  /^\.[a-z-]+(rc|rules|ignore)(\.[a-z]+)?$/,
  /^\.(mcp\.json|gitattributes|gitmodules|lfsconfig|tool-versions|editorconfig|env.*)$/,
  /^\.?(gitlab-ci|travis|appveyor|azure-pipelines|bitbucket-pipelines|pre-commit-config|lefthook|action|dependabot)\.ya?ml$/,
  /^(jenkinsfile|codeowners|makefile|dockerfile|\.?mise\.toml|renovate\.json5?)$/,
  /\.(config|conf|setup|workspace)\.[cm]?[jt]s(on)?$/,
]

const decidesPackages = new Set(
  ecosystems.flatMap((one) => [one.manifest, ...one.manifests, ...one.lockfiles]),
)

/** Why a person should look at a change of this path; undefined for ordinary files. */
export function flagOf(names: readonly string[]): string | undefined {
  const lower = names.map((name) => name.toLowerCase())
  const last = lower.at(-1) ?? ''
  const sensitive =
    lower.some((name) => sensitiveFolder.test(name)) ||
    sensitiveFiles.some((each) => each.test(last)) ||
    decidesPackages.has(last) ||
    ecosystems.some((one) => one.sensitive?.test(lower.join('/')))
  if (!sensitive) return undefined
  return `${join(...names)} is a protected path: a person is shown the change as a warning of its own`
}
