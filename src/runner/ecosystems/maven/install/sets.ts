import { posix } from 'node:path'
import type { MavenArtifact, MavenSet } from '../../../../contract/ecosystems/maven/install.ts'
import type { Coordinates } from '../../../registries/maven/coordinates.ts'
import { childText, descend, type Element, each, parseXml } from '../../../xml.ts'
import type { Tree } from '../../project.ts'
import { isActive } from '../pom/activation.ts'
import { managementOf } from '../pom/managed.ts'
import type { Model } from '../pom/model.ts'
import {
  type Dependency,
  deep,
  type Plugin,
  type Pom,
  pluginGroup,
  type Section,
  sectionsOf,
} from '../pom/pom.ts'
import { isBound } from './bound.ts'

/**
 * The plugin that the install runs in every module, so that Maven resolves it as a build does; a `help` goal runs once,
 * with the version of one of them.
 */
const direct = 'maven-compiler-plugin'

/**
 * What a build needs besides its dependencies, as sets that are resolved together: plugins with their own dependencies,
 * build extensions, annotation processors. What has no known version is left out: an offline build names it.
 */
export async function artifactSets(
  tree: Tree,
  model: Model,
  build: { readonly profiles: readonly string[]; readonly jdk: number },
): Promise<readonly MavenSet[]> {
  const paths = pathsOf(tree)
  const exists = (path: string): boolean => paths.has(path)
  const sets: MavenSet[] = await coreExtensions(tree)
  for (const pom of model.reactor.poms) {
    const around = { ...build, folder: posix.dirname(pom.path), exists }
    const sections = (await model.chain(pom)).flatMap((at) =>
      sectionsOf(at).filter((section) => isActive(section, at, around)),
    )
    sets.push({ artifacts: await bundles(model, pom, sections) })
    for (const section of sections) {
      for (const plugin of section.plugins)
        if (isBound(plugin, sections)) sets.push(...(await pluginSets(model, pom, plugin)))
      for (const element of each(descend(section.element, 'build', 'extensions'), 'extension'))
        sets.push({ artifacts: await written(model, pom, [element]) })
      sets.push(...(await processors(model, pom, section)))
    }
  }
  const unique = new Map(sets.filter(isNotEmpty).map((set) => [JSON.stringify(set), set]))
  return [...unique.values()]
}

/** Folders are where files lie. */
export function pathsOf({ paths }: Tree): ReadonlySet<string> {
  const all = new Set<string>(['.'])
  for (const path of paths) for (let at = path; at !== '.'; at = posix.dirname(at)) all.add(at)
  return all
}

function isNotEmpty({ root, artifacts }: MavenSet): boolean {
  return root !== undefined || artifacts.length > 0
}

async function pluginSets(model: Model, pom: Pom, plugin: Plugin): Promise<MavenSet[]> {
  const managed = await managedPlugins(model, pom, plugin)
  const version = await firstVersion(model, pom, [plugin, ...managed])
  const dependencies = [plugin, ...managed].flatMap((one) => one.dependencies)
  const run = plugin.artifactId === direct && plugin.groupId === pluginGroup
  if (version === undefined || (run && dependencies.length === 0)) return []
  const { groupId, artifactId } = plugin
  const itself = { groupId, artifactId, version }
  const own = await written(model, pom, dependencies)
  const optional = await optionalOf(model, itself)
  return [{ root: itself, artifacts: own, ...(optional.length === 0 ? {} : { optional }) }]
}

/** What a plugin calls optional: its realm has it, a project that depended on the plugin would not. */
async function optionalOf(model: Model, plugin: Coordinates): Promise<MavenArtifact[]> {
  const pom = await model.load(plugin)
  if (pom === undefined) return []
  const used = pom.main.dependencies.filter(({ scope }) => scope !== 'test' && scope !== 'provided')
  const optional = used.filter((one) => one.optional)
  return await written(model, pom, optional)
}

async function managedPlugins(model: Model, pom: Pom, plugin: Plugin): Promise<Plugin[]> {
  const chain = await model.chain(pom)
  return chain
    .flatMap(({ main }) => main.managedPlugins)
    .filter((one) => one.groupId === plugin.groupId && one.artifactId === plugin.artifactId)
}

async function firstVersion(
  model: Model,
  pom: Pom,
  candidates: readonly (Plugin | Dependency)[],
): Promise<string | undefined> {
  const version = candidates.find((one) => one.version !== undefined)?.version
  const text = version === undefined ? undefined : (await model.resolve(version, pom)).text
  return text === undefined || text.includes('${') ? undefined : text
}

function artifactOf(
  of: Coordinates,
  type: string | undefined,
  classifier: string | undefined,
): MavenArtifact {
  return {
    ...of,
    ...(type === undefined ? {} : { type }),
    ...(classifier === undefined ? {} : { classifier }),
  }
}

/** Elements with `groupId`, `artifactId` and `version`; a version that is left out is looked for where POMs manage it. */
async function written(
  model: Model,
  pom: Pom,
  named: readonly (Element | { readonly element: Element })[],
): Promise<MavenArtifact[]> {
  const elements = named.map((one) => ('element' in one ? one.element : one))
  const fill = async (text: string | undefined): Promise<string | undefined> =>
    text === undefined ? undefined : (await model.resolve({ text, start: 0, end: 0 }, pom)).text
  const found = await Promise.all(
    elements.map(async (element): Promise<MavenArtifact[]> => {
      const groupId = (await fill(childText(element, 'groupId'))) ?? ''
      const artifactId = (await fill(childText(element, 'artifactId'))) ?? ''
      const own = await fill(childText(element, 'version'))
      const version = own ?? (await managementOf(model, pom, groupId, artifactId))?.version.text
      if (version === undefined || [groupId, artifactId, version].some((part) => part.includes('${')))
        return []
      if (model.reactor.isMember(groupId, artifactId)) return []
      const type = childText(element, 'type')
      const classifier = childText(element, 'classifier')
      return [artifactOf({ groupId, artifactId, version }, type, classifier)]
    }),
  )
  return found.flat()
}

/** `annotationProcessorPaths` of the compiler. */
async function processors(model: Model, pom: Pom, section: Section): Promise<MavenSet[]> {
  const compilers = [...section.plugins, ...section.managedPlugins].filter(
    ({ artifactId }) => artifactId === 'maven-compiler-plugin',
  )
  const lists = compilers.map(({ element }) => descend(element, 'configuration', 'annotationProcessorPaths'))
  return await Promise.all(
    lists.map(async (list) => ({ artifacts: await written(model, pom, list?.children ?? []) })),
  )
}

/** What the remote resources plugin unpacks: `group:artifact:version[:type[:classifier]]`. */
async function bundles(model: Model, pom: Pom, sections: readonly Section[]): Promise<MavenArtifact[]> {
  const unpacks = (one: Plugin): boolean =>
    one.groupId === pluginGroup && one.artifactId === 'maven-remote-resources-plugin'
  const isUsed = sections.some(({ plugins }) => plugins.some((one) => unpacks(one) && isBound(one, sections)))
  if (!isUsed) return []
  const texts = sections
    .flatMap(({ plugins, managedPlugins }) => [...plugins, ...managedPlugins])
    .filter(unpacks)
    .flatMap(({ element }) => deep(element, 'resourceBundle'))
    .map(({ text }) => ({ text, start: 0, end: 0 }))
  const resolved = await Promise.all(texts.map((text) => model.resolve(text, pom)))
  return resolved.flatMap(({ text }) => {
    const [group = '', artifact = '', version = '', type, classifier] = text.split(':')
    if (version === '' || text.includes('${')) return []
    return [artifactOf({ groupId: group, artifactId: artifact, version }, type, classifier)]
  })
}

/** `.mvn/extensions.xml`: never loaded where packages can be fetched. */
async function coreExtensions(tree: Tree): Promise<MavenSet[]> {
  const bytes = await tree.read('.mvn/extensions.xml')
  if (bytes === undefined) return []
  try {
    const root = parseXml(bytes.toString('utf8'))
    return each(root, 'extension').map((one) => ({
      artifacts: [
        {
          groupId: childText(one, 'groupId') ?? '',
          artifactId: childText(one, 'artifactId') ?? '',
          version: childText(one, 'version') ?? '',
        },
      ],
    }))
  } catch {
    return []
  }
}
