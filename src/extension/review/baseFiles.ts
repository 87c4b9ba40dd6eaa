import { execFile } from 'node:child_process'
import { devNull } from 'node:os'
import { promisify } from 'node:util'

const maxBytes = 20 * 1024 * 1024
const timeoutMs = 10_000

export interface BaseRepository {
  /** The session's `repo.git`. */
  readonly gitDir: string
  /** Where programs are found: `PATH`. */
  readonly searchPath: string
}

/**
 * Text of a file in a tree of a session's bare repository, in which nothing but the runner writes: no work tree,
 * no configuration but the repository's own empty one, no hook or filter. Undefined where it is not there.
 */
export async function baseFile(
  { gitDir, searchPath }: BaseRepository,
  tree: string,
  path: string,
): Promise<string | undefined> {
  const args = [
    '--git-dir',
    gitDir,
    '--literal-pathspecs',
    '--no-pager',
    'cat-file',
    'blob',
    `${tree}:${path}`,
  ]
  const env = {
    PATH: searchPath,
    ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: devNull, GIT_ATTR_NOSYSTEM: '1' },
    ...{
      GIT_OPTIONAL_LOCKS: '0',
      GIT_TERMINAL_PROMPT: '0',
      GIT_NO_REPLACE_OBJECTS: '1',
      GIT_NO_LAZY_FETCH: '1',
    },
    LC_ALL: 'C',
  }
  const options = { env, cwd: gitDir, maxBuffer: maxBytes, timeout: timeoutMs, encoding: 'utf8' as const }
  try {
    return (await promisify(execFile)('git', args, options)).stdout
  } catch {
    return undefined // an added file, or a repository that is gone: the reader is told in the document
  }
}
