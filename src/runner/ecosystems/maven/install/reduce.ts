import { applyEdits, child, childText, descend, type Edit, type Element, each } from '../../../xml.ts'
import { type Pom, sectionsOf } from '../pom/pom.ts'
import type { Reactor } from '../pom/reactor.ts'

/** Packagings whose lifecycle Maven itself brings; any other comes with a build extension. */
const corePackagings = new Set(['pom', 'jar', 'war', 'ear', 'ejb', 'rar', 'maven-plugin'])

/** Of a plugin only its name and version stay. */
const pluginParts = new Set(['groupId', 'artifactId', 'version'])

/**
 * A POM from which dependencies can be resolved and nothing else: build extensions, plugin configuration, executions and
 * dependencies are taken out, and so are what other modules and the disk provide.
 */
export function reducePom(pom: Pom, reactor: Reactor): Buffer {
  const edits: Edit[] = []
  const drop = ({ start, end }: Element): void => void edits.push({ start, end, text: '' })
  const dropIf = (element: Element | undefined): void => {
    if (element !== undefined) drop(element)
  }
  const packaging = child(pom.root, 'packaging')
  if (packaging !== undefined && !corePackagings.has(pom.packaging))
    edits.push({ start: packaging.innerStart, end: packaging.innerEnd, text: 'jar' })
  for (const section of sectionsOf(pom)) {
    const { element } = section
    dropIf(child(element, 'reporting'))
    const build = child(element, 'build')
    for (const part of build?.children ?? [])
      if (part.name !== 'plugins' && part.name !== 'pluginManagement') drop(part)
    for (const list of [child(build, 'plugins'), descend(build, 'pluginManagement', 'plugins')])
      for (const plugin of each(list, 'plugin'))
        for (const part of plugin.children) if (!pluginParts.has(part.name)) drop(part)
    for (const one of section.dependencies)
      if (one.scope === 'system' || reactor.isMember(one.groupId, one.artifactId)) drop(one.element)
  }
  return Buffer.from(pom.mark + applyEdits(pom.source, edits), pom.encoding)
}

/** Build extensions that a POM declares, as `group:artifact`. */
export function extensionsOf(pom: Pom): string[] {
  return sectionsOf(pom).flatMap(({ element, plugins }) => [
    ...each(descend(element, 'build', 'extensions'), 'extension').map(
      (one) => `${childText(one, 'groupId')}:${childText(one, 'artifactId')}`,
    ),
    ...plugins.filter(({ extensions }) => extensions).map((one) => `${one.groupId}:${one.artifactId}`),
  ])
}
