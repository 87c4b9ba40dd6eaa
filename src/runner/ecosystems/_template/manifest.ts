import type { Tree } from '../project.ts'

export const manifestPath = 'vendor.txt'

/** A line `name version` of the manifest. */
export interface Declared {
  readonly name: string
  readonly version: string
}

const line = /^(?<name>[a-z][a-z0-9-]*) (?<version>[^\s#]+)/

export async function declared(tree: Tree): Promise<readonly Declared[]> {
  const text = (await tree.read(manifestPath))?.toString('utf8') ?? ''
  return text.split('\n').flatMap((one) => {
    const { name, version } = line.exec(one)?.groups ?? {}
    return name === undefined || version === undefined ? [] : [{ name, version }]
  })
}

/** The manifest with another version of a package; every other byte stays. */
export function withVersion(text: string, name: string, version: string): string {
  const lines = text.split('\n')
  return lines
    .map((one) => (one.startsWith(`${name} `) ? one.replace(line, `${name} ${version}`) : one))
    .join('\n')
}
