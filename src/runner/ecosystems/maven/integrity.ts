import type { Warning } from '../../../contract/verdict.ts'
import type { Change, Evidence } from '../../integrity/change.ts'
import { isOneEdit, misleadingName } from '../../integrity/lookalike.ts'
import { child, childText, type Element, parseXml } from '../../xml.ts'
import { pomSettings } from './pomSettings.ts'

const isManifest = (path: string): boolean => /(^|\/)pom\.xml$/.test(path)

/** What a change of a POM does to what is built and checked; undefined where it is none, or cannot be read. */
export function settings(change: Change): readonly string[] | undefined {
  return isManifest(change.path) && change.after !== undefined ? pomSettings(change) : undefined
}

/** Artifacts whose group is taken for another one. */
export function names({ changes, kit }: Evidence): Warning[] {
  const direct = new Set([...kit].flatMap(([path, text]) => (isManifest(path) ? namesIn(text) : [])))
  return changes.flatMap((change) => (isManifest(change.path) ? misleading(change, direct) : []))
}

function namesIn(text: string | undefined): readonly string[] {
  try {
    return text === undefined ? [] : named(parseXml(text))
  } catch {
    return []
  }
}

/** Everything that has a group and an artifact. */
function named(element: Element): string[] {
  const artifact = child(element, 'artifactId') === undefined ? undefined : childText(element, 'artifactId')
  const group = childText(element, 'groupId')
  const own = artifact === undefined || group === undefined ? [] : [`${group}:${artifact}`]
  return [...own, ...element.children.flatMap(named)]
}

/** A new artifact whose group is nearly that of another one: whoever has the group is its author. */
function misleading({ path, before, after }: Change, direct: ReadonlySet<string>): Warning[] {
  const known = new Set([...direct, ...namesIn(before)])
  const fresh = new Set(namesIn(after).filter((name) => !known.has(name)))
  return [...fresh].flatMap((name) => {
    const [group = ''] = name.split(':')
    return misleadingName(path, name, () =>
      [...known].find((one) => isOneEdit(one.split(':')[0] ?? '', group)),
    )
  })
}
