import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Host, Ran } from '../host.ts'
import type { Project } from '../project.ts'
import { artifactId } from './library.ts'

/** A `settings.xml` that names our repository beside those that Maven has by itself. */
export async function writeMavenSettings(host: Host, url: string): Promise<void> {
  const repository = (kind: string) =>
    `<${kind}><id>truth</id><url>${url}</url><releases><enabled>true</enabled></releases><snapshots><enabled>false</enabled></snapshots></${kind}>`
  const text = `<settings>
  <profiles><profile><id>truth</id>
    <repositories>${repository('repository')}</repositories>
  </profile></profiles>
  <activeProfiles><activeProfile>truth</activeProfile></activeProfiles>
</settings>
`
  await mkdir(join(host.home, '.m2'), { recursive: true })
  await writeFile(join(host.home, '.m2/settings.xml'), text)
}

/** Compiles and tests as `mvn test` does; stops at no module. */
export async function runMavenOnHost(
  host: Host,
  folder: string,
  project: Project,
  options: { readonly marks: string },
): Promise<Ran> {
  await rm(options.marks, { force: true })
  for (const member of project.members)
    await rm(join(folder, member, 'target'), { recursive: true, force: true })
  const local = `-Dmaven.repo.local=${join(host.managers, 'maven')}`
  const args = ['-B', '-ntp', '-s', join(host.home, '.m2/settings.xml'), local, '--fail-at-end', 'test']
  const ended = await execa('mvn', args, {
    cwd: folder,
    env: host.env,
    extendEnv: false,
    reject: false,
    all: true,
    timeout: 300_000,
  })
  const log = `$ mvn test\n${ended.all ?? ''}\n`
  const passed = (await readFile(options.marks, 'utf8').catch(() => ''))
    .split('\n')
    .filter((line) => line !== '')
  const resolved = await Promise.all(project.users.map((user) => compiledVersion(join(folder, user), user)))
  const installed = !/Could not (resolve dependencies|transfer artifact)/.test(log)
  return { installed, steps: { test: ended.exitCode === 0 }, passed, resolved, log }
}

/** Javac writes the library's constant into the class that uses it; undefined where nothing was compiled. */
async function compiledVersion(folder: string, module: string): Promise<string | undefined> {
  const path = join(folder, `target/classes/org/example/${module === '' ? 'app' : module}/App.class`)
  const bytes = await readFile(path, 'latin1').catch(() => '')
  return new RegExp(`${artifactId} (\\d+\\.\\d+\\.\\d+)`).exec(bytes)?.[1]
}
