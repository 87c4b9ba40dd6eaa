export interface Coordinates {
  readonly groupId: string
  readonly artifactId: string
  readonly version: string
}

const safe = /^[A-Za-z0-9._~+-]+$/

/** Of an artifact in the layout of a repository; undefined where a name is none. */
export function folderOf(groupId: string, artifactId: string): string | undefined {
  if (!safe.test(groupId) || !safe.test(artifactId) || groupId.includes('..')) return undefined
  return `${groupId.replaceAll('.', '/')}/${artifactId}`
}

/** Of a release's file, such as `.pom` or `-sources.jar`; undefined where a name is none, as a range or a property is. */
export function pathOf({ groupId, artifactId, version }: Coordinates, suffix: string): string | undefined {
  const folder = folderOf(groupId, artifactId)
  if (folder === undefined || !safe.test(version) || !safe.test(suffix)) return undefined
  return `${folder}/${version}/${artifactId}-${version}${suffix}`
}
