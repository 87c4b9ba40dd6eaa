import assert from 'node:assert/strict'
import { levelSaid, newerJdk } from '../../../../../src/runner/ecosystems/maven/newerJdk.ts'
import { readPom } from '../../../../../src/runner/ecosystems/maven/pom/pom.ts'
import type { MavenRepository } from '../../../../../src/runner/ecosystems/maven/repository.ts'
import type { UpdatePlan } from '../../../../../src/runner/ecosystems/plan.ts'
import type { Project } from '../../../../../src/runner/ecosystems/project.ts'
import type { Release } from '../../../../../src/runner/ecosystems/release/release.ts'

const name = 'ch.lib:core'
const plan: UpdatePlan = {
  ...{ from: '1', to: '2', files: new Map(), resolution: [], versions: new Map() },
  moves: [name, 'ch.lib:classic'].map((one) => ({ name: one, from: '1', to: '2' })),
}
const projectOn = (major: number): Project => ({
  ...{ ecosystem: 'maven', packageManager: 'maven@3.9.9', manifests: ['pom.xml'], versionsIn: 'manifests' },
  ...{ locks: [], image: { kind: 'jdk', major }, config: {} },
})

async function asked(
  javas: Readonly<Record<string, number>>,
  project = projectOn(8),
  isGuess = true,
  parents: Readonly<Record<string, number>> = {},
) {
  const read = async (update: { readonly package: string }): Promise<Release | undefined> => {
    const java = javas[update.package]
    if (java === undefined) return undefined
    const fact = { name: 'compiled for', word: 'compiled for', kind: 'changed', of: 'package' } as const
    const changes = [{ ...fact, before: ['Java 8'], after: [`Java ${java}`] }]
    return { notes: [], source: 'classes', namespaces: [], changes }
  }
  const choice = { major: 8, source: 'source level 6', ...(isGuess ? { isGuess: true as const } : {}) }
  const { newerTools, warnings = [] } = await newerJdk(project, plan, choice, {
    read,
    compiledFor: async (one) => parents[one] ?? 0,
  })
  return {
    major: newerTools?.project.image.major,
    toolchain: newerTools?.project.toolchain,
    codes: [...warnings, ...(newerTools === undefined ? [] : [newerTools.warning])].map(({ code }) => code),
  }
}

describe('the JDK that a new version asks for', () => {
  it('is that of the newest classes of what moves, with an image for it', async () => {
    assert.deepEqual(await asked({ [name]: 11 }), {
      ...{ major: 11, toolchain: 'JDK 11 (ch.lib:core asks for it)' },
      codes: ['engine:ch.lib:core', 'newer-tools:ch.lib:core'],
    })
    assert.equal((await asked({ [name]: 11, 'ch.lib:classic': 16 })).major, 17)
  })

  it('is a warning alone where there is no image for it', async () => {
    assert.deepEqual(await asked({ [name]: 99 }), {
      ...{ major: undefined, toolchain: undefined, codes: ['engine:ch.lib:core'] },
    })
  })

  it('is nothing where the repository names one, where it is new enough, and where nothing is known', async () => {
    const nothing = { major: undefined, toolchain: undefined, codes: [] }
    assert.deepEqual(await asked({ [name]: 11 }, projectOn(8), false), nothing)
    assert.deepEqual(await asked({ [name]: 11 }, projectOn(11)), nothing)
    assert.deepEqual(await asked({ [name]: 8 }), nothing)
    assert.deepEqual(await asked({}), nothing)
  })

  it('is what a parent, which has no classes, has its children compiled for', async () => {
    const { major, codes } = await asked({}, projectOn(8), true, { [name]: 17 })
    assert.equal(major, 17)
    assert.deepEqual(codes, [`engine:${name}`, `newer-tools:${name}`])
    assert.equal((await asked({}, projectOn(8), true, { [name]: 8 })).major, undefined)
  })

  it('is read of a parent and of its parents, by any of the properties that name it', async () => {
    const poms: Readonly<Record<string, string>> = {
      'org.boot:parent': `<properties><java.version>17</java.version></properties>`,
      'org.boot:old': `<properties><maven.compiler.source>1.8</maven.compiler.source></properties>`,
      'org.boot:child': `<parent><groupId>org.boot</groupId><artifactId>parent</artifactId><version>3</version></parent>`,
      'org.boot:both': `<properties><java.version>11</java.version><maven.compiler.release>17</maven.compiler.release></properties>`,
      'org.boot:silent': '',
      'org.boot:jar': `<packaging>jar</packaging><properties><java.version>17</java.version></properties>`,
    }
    const pom: MavenRepository['pom'] = async ({ groupId, artifactId }) => {
      const body = poms[`${groupId}:${artifactId}`]
      const packaging = body?.includes('<packaging>') === true ? '' : '<packaging>pom</packaging>'
      const text = `<project><artifactId>${artifactId}</artifactId>${packaging}${body}</project>`
      return body === undefined ? undefined : readPom(artifactId, Buffer.from(text), false)
    }
    const said = Object.keys(poms).map((one) => levelSaid({ pom }, one, '3'))
    assert.deepEqual(
      await Promise.all([...said, levelSaid({ pom }, 'org.boot:gone', '3')]),
      [17, 8, 17, 17, 0, 0, 0],
    )
  })
})
