import { mkdtemp, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Codemod } from '../../src/contract/codemod.ts'
import { fixtureRepository, type TestRepository } from './repository.ts'

/** The break of the fixture `breaking-update`, mended wherever it stands. */
export const rulesForUuid = ['v4', 'v5']
  .map(
    (version) => `id: ${version}
language: js
rule:
  pattern: const $NAME = require($MODULE)
constraints:
  MODULE:
    regex: ^['"]uuid/${version}['"]$
fix: "const { ${version}: $NAME } = require('uuid')"
`,
  )
  .join('---\n')

export const codemodForUuid: Codemod = {
  v: 1,
  kind: 'ast-grep',
  title: 'Named exports instead of deep paths',
  files: ['**/*.{js,cjs}'],
  text: rulesForUuid,
}

/** What a person keeps of a codemod, in a folder of its own below `parent`. */
export async function codemodFolder(parent: string, { text, ...described }: Codemod): Promise<string> {
  const folder = await mkdtemp(join(parent, 'codemod-'))
  await writeFile(join(folder, 'codemod.json'), JSON.stringify(described))
  await writeFile(join(folder, described.kind === 'script' ? 'transform.mjs' : 'rules.yml'), text)
  return folder
}

/** Others with the same break: names, quotation marks and files are their own. */
export function siblingRepository(
  number: number,
  change: (root: string) => Promise<void> = async () => {},
): Promise<TestRepository> {
  return fixtureRepository('breaking-update', async (root) => {
    await renameUses(root, number)
    await change(root)
  })
}

async function renameUses(root: string, number: number): Promise<void> {
  const edit = async (
    file: string,
    ...pairs: readonly (readonly [string | RegExp, string])[]
  ): Promise<void> => {
    const path = join(root, file)
    let text = await readFile(path, 'utf8')
    for (const [from, to] of pairs) text = text.replaceAll(from, to)
    await writeFile(path, text)
  }
  await edit('src/orders.js', [/\buuid\b(?!\/)/g, `makeId${number}`])
  await edit('src/shipments.js', [/\buuidv5\b/g, `named${number}`])
  if (number % 2 === 1) {
    await edit('src/orders.js', ["'uuid/v4'", '"uuid/v4"'])
    await rename(join(root, 'src/shipments.js'), join(root, 'src/parcels.js'))
    for (const file of ['src/index.js', 'test/shipments.test.js', 'package.json'])
      await edit(file, [/(\.\/|src\/)shipments/g, '$1parcels'])
  }
}
