import type { Tree } from '../project.ts'

/** Used where a repository has no wrapper, or names a version that cannot be had. */
export const usualMaven = '3.9.11'

/** The version that the repository's wrapper names; the wrapper itself is never run. */
export async function mavenVersion(tree: Tree): Promise<string> {
  const text = (await tree.read('.mvn/wrapper/maven-wrapper.properties'))?.toString('utf8') ?? ''
  const named = /^\s*distributionUrl\s*=.*\/apache-maven-([0-9][\w.-]*?)-bin\.(?:zip|tar\.gz)\s*$/m.exec(
    text,
  )?.[1]
  return named ?? usualMaven
}

/** What `.mvn/maven.config` may say where packages can be fetched: profiles, and properties that POMs refer to. */
export interface MavenConfig {
  readonly properties: ReadonlyMap<string, string>
  readonly profiles: readonly string[]
  /** Options that are not passed on. */
  readonly withheld: readonly string[]
}

/** Properties that steer Maven, its libraries or Java itself rather than a POM. */
const steering =
  /^(maven|aether|java|javax|sun|jdk|user|os|file|path|line|http|https|ftp|socks|guice|org|com|plexus)\./

export async function mavenConfig(tree: Tree): Promise<MavenConfig> {
  const text = (await tree.read('.mvn/maven.config'))?.toString('utf8') ?? ''
  const properties = new Map<string, string>()
  const profiles: string[] = []
  const withheld: string[] = []
  const words = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .flatMap((line) => line.trim().split(/\s+/))
    .filter((word) => word !== '')
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const [, name = '', value = ''] = /^(?:-D|--define=)([\w.-]+)(?:=(.*))?$/.exec(word) ?? []
    const listed = word === '-P' ? words.shift() : /^(?:-P|--activate-profiles=)(.+)$/.exec(word)?.[1]
    if (name !== '' && !steering.test(name)) properties.set(name, value)
    else if (listed !== undefined && /^[\w,!?.-]+$/.test(listed)) profiles.push(...listed.split(','))
    else withheld.push(word)
  }
  return { properties, profiles, withheld }
}
