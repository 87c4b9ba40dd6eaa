import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import type { Choice } from '../choice.ts'
import { baseVersion, changeOfVersion, libraryVersions } from '../library.ts'

export const groupId = 'org.example.truth'
export const artifactId = 'truth-lib'

/** The library's one class; its version is a constant that the compiler puts into the classes that use it. */
function source(version: string, change: Choice['change'] | undefined): string {
  const greeting = change === 'behaviour' ? 'Hi, ' : 'Hello, '
  const start = {
    throws:
      'static { if (true) throw new IllegalStateException("this version wants to be configured first"); }',
    exits: 'static { System.exit(0); }',
  }
  const first = change === 'throws' || change === 'exits' ? start[change] : ''
  return `package ${groupId};

public final class Greeter {
  public static final String VERSION = "${artifactId} ${version}";
  ${first}
  public static String ${change === 'rename' ? 'salute' : 'greet'}(String name) { return "${greeting}" + name + "!"; }
  public static int[] cases() { return new int[] {${change === 'fewer' ? '1' : '1, 2, 3, 4'}}; }
}
`
}

/** Files of a Maven repository with every version of the library, by path; compiled once. */
export async function mavenRepository(cache: string): Promise<ReadonlyMap<string, Buffer>> {
  const files = new Map<string, Buffer>()
  const versions = libraryVersions.filter((version) => version === baseVersion || !version.startsWith('1.'))
  for (const version of versions) {
    const prefix = `${groupId.replaceAll('.', '/')}/${artifactId}/${version}/${artifactId}-${version}`
    files.set(`${prefix}.pom`, Buffer.from(pom(version)))
    files.set(`${prefix}.jar`, await jar(cache, version))
  }
  return files
}

function pom(version: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>${groupId}</groupId>
  <artifactId>${artifactId}</artifactId>
  <version>${version}</version>
</project>
`
}

async function jar(cache: string, version: string): Promise<Buffer> {
  const text = source(version, changeOfVersion(version))
  const kept = join(cache, `${version}-${createHash('sha256').update(text).digest('hex').slice(0, 12)}.jar`)
  if (existsSync(kept)) return await readFile(kept)
  // Two workers of one run may want the same one at once.
  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(`${kept}.`)
  await writeFile(join(work, 'Greeter.java'), text)
  await execa('javac', ['--release', '17', '-d', 'classes', 'Greeter.java'], { cwd: work })
  await execa('jar', ['--create', '--no-manifest', '--file', 'lib.jar', '-C', 'classes', '.'], { cwd: work })
  await rename(join(work, 'lib.jar'), kept)
  await rm(work, { recursive: true, force: true })
  return await readFile(kept)
}
