import { join } from 'node:path'
import { neutralise } from '../../src/contract/text.ts'
import { Denied } from './tool.ts'

// Code points that HFS+ ignores in names: a name with one in it is `.git` to a Mac.
const ignorable = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/** Whether a name is git's folder in any spelling that some file system takes for it. */
function isGitName(name: string): boolean {
  const folded = name.replace(ignorable, '').normalize('NFKC').toLowerCase()
  const plain = (folded.split(':')[0] ?? '').replace(/[. ]+$/, '')
  return plain === '.git' || /^git~\d+$/.test(plain)
}

/** Denies names of git's folder; a backslash separates as well as a slash here. */
export function denyGit(path: string): void {
  if (path.split(/[/\\]/).some(isGitName))
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

const reserved = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i

/** Denies names for new files that not every system can check out. */
export function denyUnportable(names: readonly string[]): void {
  for (const name of names) {
    if (
      /[<>:"|?*\\]/.test(name) ||
      /[. ]$/.test(name) ||
      reserved.test(name) ||
      Buffer.byteLength(name) > 255
    ) {
      throw new Denied(`${name}: not a portable file name`)
    }
  }
}

const sensitiveFolders = new Set([
  '.vscode',
  '.idea',
  '.devcontainer',
  '.husky',
  '.github',
  '.githooks',
  '.circleci',
  '.cursor',
  '.claude',
  '.fleet',
  '.gitlab',
  '.buildkite',
  '.zed',
])
const sensitiveFiles = new Set([
  '.envrc',
  '.mcp.json',
  'claude.md',
  'claude.local.md',
  'agents.md',
  'gemini.md',
  '.cursorrules',
  '.windsurfrules',
  '.gitlab-ci.yml',
  '.travis.yml',
  'azure-pipelines.yml',
  'jenkinsfile',
  '.pre-commit-config.yaml',
  'lefthook.yml',
  '.npmrc',
  '.yarnrc',
  '.yarnrc.yml',
  '.pnpmfile.cjs',
  '.gitattributes',
  '.gitmodules',
  '.lfsconfig',
  '.tool-versions',
  'mise.toml',
  '.mise.toml',
  '.editorconfig',
])

/** Why a person should look at a change of this path; undefined for ordinary files. */
export function flagOf(names: readonly string[]): string | undefined {
  const lower = names.map((name) => name.toLowerCase())
  const last = lower.at(-1) ?? ''
  if (!lower.some((name) => sensitiveFolders.has(name)) && !sensitiveFiles.has(last)) return undefined
  return `${join(...names)} is a protected path: it can act on a developer's machine or on CI, so a person must acknowledge the change`
}
