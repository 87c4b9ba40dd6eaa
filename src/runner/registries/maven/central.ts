import { access, readdir, readFile, realpath } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { unzipSync } from 'fflate'
import { child, childText, descend, parseXml } from '../../xml.ts'
import type { Repository } from './settings.ts'

type Env = Readonly<Record<string, string | undefined>>

const superPom = 'org/apache/maven/model/pom-4.0.0.xml'

/** Folder of the Maven that the user would run, which is read and never run; undefined where there is none. */
export async function findMavenHome(env: Env): Promise<string | undefined> {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  const names = process.platform === 'win32' ? ['mvn.cmd'] : ['mvn']
  const found = [env.MAVEN_HOME, env.M2_HOME].filter((folder) => folder !== undefined && folder !== '')
  for (const file of folders.flatMap((folder) => names.map((name) => join(folder, name)))) {
    const real = await realpath(file).catch(() => undefined)
    if (real !== undefined) found.push(dirname(dirname(real)))
  }
  for (const home of found) if (home !== undefined && (await exists(join(home, 'lib')))) return home
  return undefined
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  )
}

/** The repository that Maven's own super POM names; undefined where the distribution has none to read. */
export async function builtinRepository(mavenHome: string): Promise<Repository | undefined> {
  const lib = join(mavenHome, 'lib')
  const jars = (await readdir(lib)).filter(
    (name) => /model-builder|maven-impl/.test(name) && name.endsWith('.jar'),
  )
  for (const jar of jars) {
    const entries = unzipSync(await readFile(join(lib, jar)), { filter: ({ name }) => name === superPom })
    const bytes = entries[superPom]
    if (bytes === undefined) continue
    const root = parseXml(Buffer.from(bytes).toString('utf8'))
    const repository = child(descend(root, 'repositories'), 'repository')
    const url = childText(repository, 'url')
    if (url !== undefined) return { id: childText(repository, 'id') ?? 'central', url }
  }
  return undefined
}
