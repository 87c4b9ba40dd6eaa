import { type Node, parseTree } from 'jsonc-parser'

/** Where a manifest declares a dependency. */
export interface Declaration {
  /** `name` for npm, `group:artifact` for Maven. */
  readonly name: string
  /** Offset of the declaration in the text. */
  readonly offset: number
}

const groups = new Set(['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'])

/** Declarations of a `package.json` or a `pom.xml`; none where it is neither, or cannot be read. */
export function declarationsIn(fileName: string, text: string): readonly Declaration[] {
  if (fileName.endsWith('package.json')) return inPackageJson(text)
  return fileName.endsWith('pom.xml') ? inPom(text) : []
}

function inPackageJson(text: string): readonly Declaration[] {
  const members = parseTree(text)?.children ?? []
  return members
    .filter((member) => groups.has(String(member.children?.[0]?.value)))
    .flatMap((member) => member.children?.[1]?.children ?? [])
    .flatMap((entry: Node) => {
      const name: unknown = entry.children?.[0]?.value
      return typeof name === 'string' ? [{ name, offset: entry.offset }] : []
    })
}

const dependency = /<(dependency|plugin|parent)>([\s\S]*?)<\/\1>/g

function inPom(text: string): readonly Declaration[] {
  const visible = text.replace(/<!--[\s\S]*?-->/g, (comment) => ' '.repeat(comment.length))
  return [...visible.matchAll(dependency)].flatMap((found) => {
    const artifact = element(found[2], 'artifactId')
    if (artifact === undefined) return []
    const group = element(found[2], 'groupId') ?? 'org.apache.maven.plugins'
    return [{ name: `${group}:${artifact}`, offset: found.index }]
  })
}

function element(text: string | undefined, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<\\s]+)\\s*</${name}>`).exec(text ?? '')?.[1]
}
