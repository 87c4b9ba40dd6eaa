import assert from 'node:assert/strict'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..', 'golden')

/** Compares with `test/golden/<name>`; on a difference writes `.actual` beside it. UPDATE_GOLDEN=1 rewrites. */
export async function assertGolden(name: string, actual: string): Promise<void> {
  const path = join(folder, name)
  if (process.env.UPDATE_GOLDEN === '1') return writeFile(path, actual)
  const expected = await readFile(path, 'utf8').catch(() => '')
  if (actual !== expected) await writeFile(`${path}.actual`, actual)
  else await rm(`${path}.actual`, { force: true })
  assert.equal(actual, expected, `${name} differs; UPDATE_GOLDEN=1 rewrites it`)
}

export function readGolden(name: string): Promise<string> {
  return readFile(join(folder, name), 'utf8')
}
