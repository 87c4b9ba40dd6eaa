import { posix } from 'node:path'
import { type ParseError, parse, printParseErrorCode } from 'jsonc-parser'
import type { z } from 'zod'
import { failures } from '../../contract/failures.ts'
import { tryJson } from '../../contract/json.ts'
import { RepositoryConfig } from '../../contract/settings.ts'
import type { Tree } from './project.ts'

const name = '.drydock.json'

/**
 * `.drydock.json` of a tree; empty where there is none. For a project in a folder its own counts, and of the repository's
 * everything that is not about the project at the top. Throws `bad-config`.
 */
export async function readRepositoryConfig(tree: Tree): Promise<RepositoryConfig> {
  const own = await read(tree, name)
  const { folder } = tree
  if (folder === undefined) return own
  const { commands: _, node: _node, jdk: _jdk, ...shared } = await read(tree, posix.relative(folder, name))
  const beneath = (globs: readonly string[] = []) => globs.map((glob) => posix.join(folder, glob))
  const globs = {
    protectedPaths: [...(shared.protectedPaths ?? []), ...beneath(own.protectedPaths)],
    testPaths: [...(shared.testPaths ?? []), ...beneath(own.testPaths)],
  }
  const named = Object.entries(globs).filter(([, list]) => list.length > 0)
  return { ...shared, ...own, ...Object.fromEntries(named) }
}

async function read(tree: Tree, path: string): Promise<RepositoryConfig> {
  const bytes = await tree.read(path)
  if (bytes === undefined) return {}
  const file = posix.join(tree.folder ?? '', path)
  const document = new TextDecoder().decode(bytes)
  const value = tryJson(document)
  if (value === undefined) throw failures.badConfig(file, [notJson(document)])
  const parsed = RepositoryConfig.safeParse(value)
  if (!parsed.success) throw failures.badConfig(file, parsed.error.issues.map(faultOf))
  return parsed.data
}

/** Where its first fault is, as far as the parser says. */
function notJson(document: string): string {
  const errors: ParseError[] = []
  parse(document, errors, { disallowComments: true })
  const [first] = errors
  if (first === undefined) return 'it is not JSON'
  const before = document.slice(0, first.offset).split('\n')
  return `it is not JSON (line ${before.length}, column ${(before.at(-1) ?? '').length + 1}: ${printParseErrorCode(first.error)})`
}

function faultOf({ path, message }: z.core.$ZodIssue): string {
  return path.length === 0 ? message : `${path.join('.')}: ${message}`
}
