import type { Tree } from '../../project.ts'

const rcFile = /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml)$/

/** Names that mean something to the container, its shell, Node or a package manager: a repository does not set them. */
const reserved =
  /^(PATH|HOME|USER|SHELL|PWD|TMPDIR|LANG|TERM|CI|NODE|IFS|ENV|BASH_ENV|SHELLOPTS|PS4|JAVA_TOOL_OPTIONS|MAVEN_OPTS|(LD|LC|NODE|DRYDOCK|DYLD|PYTHON)_.*|(npm|pnpm)_config_.*|yarn_(?!.*(token|auth|registry)).*|corepack_.*)$/i
/** Variables in one repository, at most: beyond this it is no configuration. */
const most = 50

/**
 * Harmless values for the variables that the tree's rc files name: a package manager that reads such a file ends where
 * one is not set, although no script needs the token it stands for.
 */
export async function rcVariables(tree: Tree): Promise<Readonly<Record<string, string>>> {
  const values = new Map<string, string>()
  const files = tree.paths.filter((path) => rcFile.test(path) && !path.includes('node_modules/'))
  for (const path of files.sort()) {
    const text = (await tree.read(path))?.toString('utf8') ?? ''
    for (const line of text.split(/\r?\n/)) {
      // One with a default or an empty alternative is read without.
      for (const [, name = ''] of line.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g))
        if (!reserved.test(name) && !values.has(name) && values.size < most) values.set(name, valueFor(line))
    }
  }
  return Object.fromEntries(values)
}

/** A value that the setting accepts: yarn reads the file as a whole or not at all. */
function valueFor(line: string): string {
  const setting = /^\s*"?([\w@:./-]+?)"?\s*[:=]/.exec(line)?.[1] ?? ''
  const whole = /[:=]\s*["']?\$\{\w+\}["']?\s*$/.test(line)
  if (whole && /(registry|server|proxy|url)$/i.test(setting)) return 'http://127.0.0.1:9/'
  if (whole && /^(enable|always|strict|prefer|unsafe)|[Aa]lwaysAuth$/.test(setting)) return 'false'
  if (whole && /(timeout|concurrency|retry|sockets|level)$/i.test(setting)) return '1'
  return 'not-set-in-the-sandbox'
}
