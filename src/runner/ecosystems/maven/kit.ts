import { applyEdits, child, childText, descend, type Element, parseXml } from '../../xml.ts'
import type { KitPart } from '../check.ts'
import type { Project, Tree } from '../project.ts'

/** Plugins that test or look at code; what others do makes the code, and is no measure of it. */
const kitPlugin =
  /^(maven-(surefire|failsafe|checkstyle|pmd|enforcer)(-report)?-plugin|(spotbugs|findbugs|jacoco|spotless|license|animal-sniffer|forbiddenapis|revapi|japicmp|sortpom|pitest|apache-rat|cobertura)(-maven)?(-plugin)?)$/
/** Properties that steer them, but for their versions. */
const kitProperty =
  /^(?!.*version$)(surefire|failsafe|maven\.test|maven\.(checkstyle|pmd)|skip|checkstyle|pmd|spotbugs|jacoco|enforcer|spotless|license|argLine|test|groups|excludedGroups)/i

/** An element that steers a check. */
interface Setting {
  /** `build/plugins/maven-surefire-plugin`, a profile's after its id. */
  readonly key: string
  readonly label: string
  /** Where a new one belongs: the profile's id, where it is one's, and the elements down from there. */
  readonly container: { readonly profile: string | undefined; readonly names: readonly string[] }
  readonly element: Element
}

const pluginLists = [
  ['build', 'plugins'],
  ['build', 'pluginManagement', 'plugins'],
]

function settingsOf(root: Element, profile: string | undefined, path: string): Setting[] {
  const key = (...names: readonly string[]) =>
    [...(profile === undefined ? [] : [profile]), ...names].join('/')
  const plugins = pluginLists.flatMap((names) =>
    (descend(root, ...names)?.children ?? []).flatMap((element): Setting[] => {
      const name = childText(element, 'artifactId') ?? ''
      if (!kitPlugin.test(name)) return []
      const label = `configuration of ${name} in ${path}`
      return [{ key: key(...names, name), label, container: { profile, names }, element }]
    }),
  )
  const properties = (child(root, 'properties')?.children ?? [])
    .filter(({ name }) => kitProperty.test(name))
    .map((element): Setting => {
      const label = `property ${element.name} of ${path}`
      const container = { profile, names: ['properties'] }
      return { key: key('properties', element.name), label, container, element }
    })
  return [...plugins, ...properties]
}

function allSettings(text: string, path: string): ReadonlyMap<string, Setting> {
  const root = parseXml(text)
  const profiles = child(root, 'profiles')?.children ?? []
  const all = [
    ...settingsOf(root, undefined, path),
    ...profiles.flatMap((profile) => settingsOf(profile, childText(profile, 'id') ?? '', path)),
  ]
  return new Map(all.map((setting) => [setting.key, setting]))
}

/** What it says without version and dependencies, which are the update's; blanks do not count. */
function said(text: string, { element }: Setting): string {
  const left = ['version', 'dependencies']
  const parts = element.children.filter(({ name }) => !left.includes(name))
  const source =
    element.children.length === 0 ? element.text : parts.map((one) => text.slice(one.start, one.end))
  return String(source).replace(/\s+/g, ' ')
}

/** The patched element with the base's settings, its own version and dependencies kept. */
function mixed(base: string, before: Setting, patched: string, after: Setting): string {
  if (before.element.children.length === 0) return base.slice(before.element.start, before.element.end)
  const own = after.element.children.filter(({ name }) => name === 'version' || name === 'dependencies')
  const old = before.element.children.filter(({ name }) => name !== 'version' && name !== 'dependencies')
  const texts = [
    ...old.map((one) => base.slice(one.start, one.end)),
    ...own.map((one) => patched.slice(one.start, one.end)),
  ]
  return `<plugin>${texts.join('')}</plugin>`
}

function containerOf(root: Element, { profile, names }: Setting['container']): Element | undefined {
  const start =
    profile === undefined
      ? root
      : child(root, 'profiles')?.children.find((one) => childText(one, 'id') === profile)
  return descend(start, ...names)
}

function putBack(
  base: string,
  before: Setting | undefined,
  key: string,
  path: string,
  patched: string,
): string {
  const now = allSettings(patched, path).get(key)
  if (before === undefined) {
    return now === undefined ? patched : applyEdits(patched, [{ ...now.element, text: '' }])
  }
  if (now !== undefined)
    return applyEdits(patched, [{ ...now.element, text: mixed(base, before, patched, now) }])
  const container = containerOf(parseXml(patched), before.container)
  if (container === undefined) return patched
  const text = base.slice(before.element.start, before.element.end)
  return applyEdits(patched, [{ start: container.innerEnd, end: container.innerEnd, text }])
}

function partsOf(manifest: string, base: string, patched: string): KitPart[] {
  const [old, now] = [allSettings(base, manifest), allSettings(patched, manifest)]
  const keys = new Set([...old.keys(), ...now.keys()])
  return [...keys].flatMap((key): KitPart[] => {
    const [before, after] = [old.get(key), now.get(key)]
    const [was, is] = [before && said(base, before), after && said(patched, after)]
    if (was === is) return []
    return [
      {
        manifest,
        name: key,
        label: (before ?? after)?.label ?? key,
        status: before === undefined ? 'added' : after === undefined ? 'deleted' : 'modified',
        putBack: (bytes) => Buffer.from(putBack(base, before, key, manifest, bytes.toString('utf8'))),
      },
    ]
  })
}

/** Each setting of tests and linters in a POM that differs from the base's; a POM that cannot be read has none. */
export async function kitParts(base: Tree, patched: Tree, project: Project): Promise<readonly KitPart[]> {
  const parts: KitPart[] = []
  for (const manifest of project.manifests) {
    const [before, after] = await Promise.all([base.read(manifest), patched.read(manifest)])
    if (before === undefined || after === undefined || before.equals(after)) continue
    try {
      parts.push(...partsOf(manifest, before.toString('utf8'), after.toString('utf8')))
    } catch {
      // Maven cannot read it either, and says so in the run as it is.
    }
  }
  return parts
}
