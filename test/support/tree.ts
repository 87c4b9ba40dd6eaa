import type { Tree } from '../../src/runner/ecosystems/project.ts'

/** A tree of texts; objects are written as JSON. */
export function treeOf(files: Readonly<Record<string, string | object>>): Tree {
  const bytes = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      Buffer.from(typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`),
    ]),
  )
  return { paths: [...bytes.keys()], read: async (path) => bytes.get(path) }
}
