import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const files: Readonly<Record<string, string>> = {
  'README.md': '# Fixture\n\nOne.\nTwo.\n',
  'src/index.ts': 'export const x = 1;\n// TODO: more\n',
  'src/util/deep.ts': 'export const deep = true // TODO\n',
  'test/index.test.ts': "it('works', () => {})\n// end\n",
  'docs/guide.md': 'A guide.\n',
  '.gitignore': 'node_modules/\nbuild/\n',
}

export interface Workspace {
  readonly home: string
  readonly workspace: string
  readonly tree: string
  remove(): void
}

/** A small work tree with one commit in its `.git`, as the agent's container finds it. */
export function makeWorkspace(): Workspace {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'drydock-tools-')))
  const workspace = join(home, 'workspace')
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true })
    writeFileSync(join(workspace, path), content)
  }
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.com', '-c', 'init.defaultBranch=main']
    return execFileSync('git', [...identity, ...args], { cwd: workspace, encoding: 'utf8' }).trim()
  }
  git('init', '-q')
  git('add', '-A')
  git('commit', '-qm', 'base')
  const tree = git('rev-parse', 'HEAD^{tree}')
  return { home, workspace, tree, remove: () => rmSync(home, { recursive: true, force: true }) }
}
