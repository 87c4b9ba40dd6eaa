import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'

/**
 * Every object store that `objects` reaches: itself and its alternates, theirs, and so on. Git follows
 * relative alternates only from the first level, so the list is written flat and absolute.
 */
export async function objectStores(objects: string): Promise<readonly string[]> {
  const found = new Set<string>()
  const waiting = [resolve(objects)]
  for (let store = waiting.pop(); store !== undefined; store = waiting.pop()) {
    if (found.has(store) || !(await isFolder(store))) continue
    found.add(store)
    for (const line of await alternateLines(store)) waiting.push(resolve(store, line))
  }
  return [...found]
}

/** The lines of `objects/info/alternates`, quoted where a name needs it. */
export function alternatesFile(stores: readonly string[]): string {
  return stores.map((store) => `${/["\n\\]/.test(store) ? JSON.stringify(store) : store}\n`).join('')
}

async function alternateLines(store: string): Promise<readonly string[]> {
  const text = await readFile(join(store, 'info', 'alternates'), 'utf8').catch(() => '')
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
