import { childText, descend, each } from '../../../xml.ts'
import { type Plugin, pluginGroup, type Section } from '../pom/pom.ts'

/** Plugins that Maven's own lifecycles bind to phases up to `verify`, without the prefix and the ending of their names. */
const ownBindings = new Set([
  'compiler',
  'ear',
  'ejb',
  'jar',
  'plugin',
  'rar',
  'resources',
  'surefire',
  'war',
])

/** Phases that no check gets to: those after `verify`, those of the lifecycles `clean` and `site`, and none at all. */
const unreached = new Set([
  ...['install', 'deploy', 'pre-clean', 'clean', 'post-clean'],
  ...['pre-site', 'site', 'post-site', 'site-deploy', 'none'],
])

/**
 * Whether a build up to `verify` needs a plugin: Maven reads the plugins that a phase runs, and those with a goal that names
 * no phase, since only the plugin knows which one is meant. Of a release, a site or a deployment nothing is needed but its
 * version. `sections` are all that count for a module, its parents' too.
 */
export function isBound(plugin: Plugin, sections: readonly Section[]): boolean {
  const { groupId, artifactId } = plugin
  const [, name = ''] = /^maven-(.+)-plugin$/.exec(artifactId) ?? []
  if (plugin.extensions || (groupId === pluginGroup && ownBindings.has(name))) return true
  const same = sections
    .flatMap(({ plugins, managedPlugins }) => [...plugins, ...managedPlugins])
    .filter((one) => one.groupId === groupId && one.artifactId === artifactId)
  return same.some(
    ({ extensions, element }) =>
      extensions ||
      each(descend(element, 'executions'), 'execution').some(
        (one) => !unreached.has(childText(one, 'phase') ?? ''),
      ),
  )
}
