import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Codemod, maxCodemod } from '../../contract/codemod.ts'
import { codemodFailures } from '../../contract/codemodFailures.ts'
import { tryJson } from '../../contract/json.ts'

/** What stands beside a codemod's text, which is a file of its own so that people can read and mend it. */
const Described = Codemod.omit({ text: true })

const names = { description: 'codemod.json', 'ast-grep': 'rules.yml', script: 'transform.mjs' } as const

/** Reads a codemod from the folder that `drydock distil` writes. Throws `bad-codemod`. */
export async function readCodemod(folder: string): Promise<Codemod> {
  const read = (name: string): Promise<string> =>
    readFile(join(folder, name), 'utf8').catch(() => {
      throw codemodFailures.badCodemod(folder, `${name} cannot be read`)
    })
  const described = Described.safeParse(tryJson(await read(names.description)))
  if (!described.success)
    throw codemodFailures.badCodemod(folder, `${names.description}: ${z.prettifyError(described.error)}`)
  const text = await read(names[described.data.kind])
  const codemod = Codemod.safeParse({ ...described.data, text })
  if (codemod.success) return codemod.data
  const why = text.length > maxCodemod ? `it is longer than ${maxCodemod} characters` : 'it is empty'
  throw codemodFailures.badCodemod(folder, `${names[described.data.kind]}: ${why}`)
}

/** Says before anything costs money whether `writeCodemod` may write there. Throws `bad-usage`. */
export async function requireEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch(() => [])
  if (found.length > 0) throw codemodFailures.folderInUse(folder)
}

/** Writes a codemod to a folder; its files in the order in which a person reads them. */
export async function writeCodemod(
  folder: string,
  { text, ...described }: Codemod,
): Promise<readonly string[]> {
  await requireEmpty(folder)
  await mkdir(folder, { recursive: true })
  const files = [
    [names.description, `${JSON.stringify(described, undefined, 2)}\n`],
    [names[described.kind], text],
  ] as const
  for (const [name, content] of files) await writeFile(join(folder, name), content)
  return files.map(([name]) => join(folder, name))
}
