import { isUtf8 } from 'node:buffer'
import { posix } from 'node:path'
import { child, childText, descend, type Element, each, parseXml } from '../../../xml.ts'

/** Text of an element as written, and its place in the POM, blanks left out. */
export interface Value {
  readonly text: string
  readonly start: number
  readonly end: number
}

export interface Dependency {
  readonly groupId: string
  readonly artifactId: string
  readonly version?: Value
  readonly scope?: string
  readonly type?: string
  readonly optional: boolean
  readonly element: Element
}

export interface Plugin {
  readonly groupId: string
  readonly artifactId: string
  readonly version?: Value
  readonly extensions: boolean
  readonly dependencies: readonly Dependency[]
  readonly element: Element
}

/** What both a project and each of its profiles may declare. */
export interface Section {
  /** Undefined for the project itself. */
  readonly profile?: string
  readonly activeByDefault: boolean
  readonly properties: ReadonlyMap<string, Value>
  readonly dependencies: readonly Dependency[]
  readonly managed: readonly Dependency[]
  readonly plugins: readonly Plugin[]
  readonly managedPlugins: readonly Plugin[]
  readonly modules: readonly string[]
  readonly element: Element
}

export interface Parent {
  readonly groupId: string
  readonly artifactId: string
  readonly version?: Value
  /** Undefined where the POM says that the parent is not in the tree. */
  readonly path?: string
}

export interface Pom {
  /** In the tree; the coordinates for one from a repository. */
  readonly path: string
  readonly inTree: boolean
  /** Its text without a byte order mark, which is `mark` or empty. */
  readonly source: string
  readonly mark: string
  readonly encoding: 'utf8' | 'latin1'
  readonly root: Element
  readonly groupId?: string
  readonly artifactId: string
  readonly version?: Value
  readonly packaging: string
  readonly parent?: Parent
  readonly main: Section
  readonly profiles: readonly Section[]
}

export const pluginGroup = 'org.apache.maven.plugins'

/** Throws an `Error` that says what is wrong with the text. */
export function readPom(path: string, bytes: Buffer, inTree: boolean): Pom {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  const text = bytes.toString(encoding)
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const source = text.slice(mark.length)
  const root = parseXml(source)
  if (root.name !== 'project') throw new Error(`the document is <${root.name}>, not <project>`)
  const parent = readParent(path, child(root, 'parent'))
  const groupId = childText(root, 'groupId') ?? parent?.groupId
  const version = valueIn(source, child(root, 'version'))
  return {
    path,
    inTree,
    source,
    mark,
    encoding,
    root,
    artifactId: childText(root, 'artifactId') ?? '',
    packaging: childText(root, 'packaging') ?? 'jar',
    main: readSection(source, root, false),
    profiles: each(child(root, 'profiles'), 'profile').map((one) => readSection(source, one, true)),
    ...(groupId === undefined ? {} : { groupId }),
    ...(version === undefined ? {} : { version }),
    ...(parent === undefined ? {} : { parent }),
  }

  function readParent(of: string, element: Element | undefined): Parent | undefined {
    if (element === undefined) return undefined
    const relative = child(element, 'relativePath')
    const named = relative === undefined ? '../pom.xml' : relative.text
    const target = posix.normalize(posix.join(posix.dirname(of), named))
    const file = target.endsWith('.xml') ? target : posix.join(target, 'pom.xml')
    const at = valueIn(source, child(element, 'version'))
    return {
      groupId: childText(element, 'groupId') ?? '',
      artifactId: childText(element, 'artifactId') ?? '',
      ...(at === undefined ? {} : { version: at }),
      ...(named === '' || file.startsWith('../') ? {} : { path: file }),
    }
  }
}

function readSection(source: string, element: Element, isProfile: boolean): Section {
  const build = child(element, 'build')
  const properties = (child(element, 'properties')?.children ?? []).flatMap((one) => {
    const value = valueIn(source, one)
    return value === undefined ? [] : [[one.name, value] as const]
  })
  return {
    ...(isProfile ? { profile: childText(element, 'id') ?? 'default' } : {}),
    activeByDefault: childText(descend(element, 'activation'), 'activeByDefault') === 'true',
    properties: new Map(properties),
    dependencies: dependenciesOf(source, element),
    managed: dependenciesOf(source, child(element, 'dependencyManagement')),
    plugins: pluginsOf(source, build),
    managedPlugins: pluginsOf(source, child(build, 'pluginManagement')),
    modules: each(child(element, 'modules'), 'module').map(({ text }) => text),
    element,
  }
}

export function dependenciesOf(source: string, element: Element | undefined): Dependency[] {
  return each(child(element, 'dependencies'), 'dependency').map((one) => dependencyOf(source, one))
}

export function dependencyOf(source: string, element: Element): Dependency {
  const version = valueIn(source, child(element, 'version'))
  const scope = childText(element, 'scope')
  const type = childText(element, 'type')
  return {
    groupId: childText(element, 'groupId') ?? '',
    artifactId: childText(element, 'artifactId') ?? '',
    optional: childText(element, 'optional') === 'true',
    element,
    ...(version === undefined ? {} : { version }),
    ...(scope === undefined ? {} : { scope }),
    ...(type === undefined ? {} : { type }),
  }
}

function pluginsOf(source: string, element: Element | undefined): Plugin[] {
  return each(child(element, 'plugins'), 'plugin').map((one) => {
    const version = valueIn(source, child(one, 'version'))
    return {
      groupId: childText(one, 'groupId') ?? pluginGroup,
      artifactId: childText(one, 'artifactId') ?? '',
      extensions: childText(one, 'extensions') === 'true',
      dependencies: dependenciesOf(source, one),
      element: one,
      ...(version === undefined ? {} : { version }),
    }
  })
}

function valueIn(source: string, element: Element | undefined): Value | undefined {
  if (element === undefined) return undefined
  const inner = source.slice(element.innerStart, element.innerEnd)
  const lead = inner.length - inner.trimStart().length
  const start = element.innerStart + lead
  return { text: element.text, start, end: start + inner.trim().length }
}

/** Elements of that name anywhere beneath. */
export function deep(element: Element, name: string): Element[] {
  return element.children.flatMap((one) => [...(one.name === name ? [one] : []), ...deep(one, name)])
}

/** The project itself, then its profiles. */
export function sectionsOf(pom: Pom): readonly Section[] {
  return [pom.main, ...pom.profiles]
}
