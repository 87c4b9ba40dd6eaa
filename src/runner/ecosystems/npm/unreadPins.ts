import type { Warning } from '../../../contract/verdict.ts'
import type { Tree } from '../project.ts'

/** Programs of a repository that decide about versions where its owner installs; here none of them is run. */
const programs = {
  '.pnpmfile.cjs': 'may choose another version during an install',
  '.pnpmfile.mjs': 'may choose another version during an install',
  'pnpmfile.js': 'may choose another version during an install',
  'yarn.config.cjs': 'may ask for another version in `yarn constraints`',
  'constraints.pro': 'may ask for another version in `yarn constraints`',
} as const

/** Says which of them name the package: what they would do with its new version nobody has seen. */
export async function unreadPins(tree: Tree, name: string): Promise<readonly Warning[]> {
  const warnings: Warning[] = []
  for (const [path, does] of Object.entries(programs)) {
    const text = tree.paths.includes(path) ? await tree.read(path) : undefined
    if (text === undefined || !names(text.toString('utf8'), name)) continue
    const message = `${path} names ${name} and ${does}. It is not run here: read it before you merge.`
    warnings.push({ code: `unread-pin:${path}`, path, message, severity: 'acknowledge' })
  }
  return warnings
}

/** As a text, with a range behind it, or as a property: `'ms'`, `'ms@2'`, `dependencies.ms`. */
function names(text: string, name: string): boolean {
  const words = text.split(/[^\w@/.~-]+/)
  return words.some((word) => word === name || word.startsWith(`${name}@`) || word.endsWith(`.${name}`))
}
