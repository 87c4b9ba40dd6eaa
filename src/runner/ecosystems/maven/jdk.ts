import { childText, type Element } from '../../xml.ts'
import { workflowVersions } from '../ciVersions.ts'
import { devContainerTool } from '../devContainer.ts'
import { miseTool } from '../mise.ts'
import type { Tree } from '../project.ts'
import type { Model } from './pom/model.ts'
import { deep, type Pom, pluginGroup, sectionsOf } from './pom/pom.ts'

/** Majors that images are made for. */
export const jdkMajors = [8, 11, 17, 21, 25] as const
export const usualJdk = 17

/** The JDK that a build runs on, and what decided it. */
export interface JdkChoice {
  readonly major: number
  readonly source: string
  /** Nothing names one: what the sources are compiled for is the least that it can be. */
  readonly isGuess?: true
}

/**
 * The JDK that a build asks for: `.drydock.json`, `.java-version`, `.sdkmanrc`, `.tool-versions`, `mise.toml`, a
 * dev container's description, a toolchain, the project's own CI, the release or source level of its compiler, in this order; the nearest newer one
 * where there is no image for it.
 */
export async function chooseJdk(tree: Tree, model: Model, configured?: string): Promise<JdkChoice> {
  for (const { text, source } of await written(tree, configured)) {
    const major = majorOf(text)
    if (major !== undefined) return { major: nearest(major), source }
  }
  const levels = await Promise.all(model.reactor.poms.map((pom) => levelsOf(model, pom)))
  const toolchain = Math.max(0, ...levels.map((level) => level.toolchain ?? 0))
  if (toolchain > 0) return { major: nearest(toolchain), source: 'maven-toolchains-plugin' }
  const release = Math.max(0, ...levels.map((level) => level.release ?? 0))
  const source = Math.max(0, ...levels.map((level) => level.source ?? 0))
  const ci = await ciJdk(tree, Math.max(release, source))
  if (ci !== undefined) return ci
  // javac knows --release since 9, and 17 still compiles for 8.
  if (release >= source && release > 0)
    return {
      ...{ major: nearest(release <= 7 ? 11 : Math.max(release, usualJdk)), source: `release ${release}` },
      isGuess: true,
    }
  if (source > 0) return { major: nearest(source), source: `source level ${source}`, isGuess: true }
  return { major: usualJdk, source: 'nothing in the repository names one', isGuess: true }
}

async function written(
  tree: Tree,
  configured: string | undefined,
): Promise<readonly { readonly text: string; readonly source: string }[]> {
  const mise = await miseTool(tree, ['java'])
  const container = await devContainerTool(tree, 'java')
  const all: (readonly [string | undefined, string])[] = [
    [configured, 'jdk in .drydock.json'],
    [await lineOf(tree, '.java-version', /^(\S+)/m), '.java-version'],
    [await lineOf(tree, '.sdkmanrc', /^\s*java\s*=\s*(\S+)/m), '.sdkmanrc'],
    [await lineOf(tree, '.tool-versions', /^\s*java\s+(\S+)/m), '.tool-versions'],
    [mise?.version, mise?.path ?? ''],
    [container?.version, container?.source ?? ''],
  ]
  return all.flatMap(([text, source]) => (text === undefined ? [] : [{ text, source }]))
}

/** The newest that CI builds with, of those that there is an image for and that know the level of the sources. */
async function ciJdk(tree: Tree, level: number): Promise<JdkChoice | undefined> {
  for (const { path, versions } of await workflowVersions(tree, 'java-version')) {
    const majors = versions.flatMap((text) => majorOf(text) ?? [])
    const known = majors.filter((major) => major >= level && (jdkMajors as readonly number[]).includes(major))
    if (known.length > 0) return { major: Math.max(...known), source: path }
  }
  return undefined
}

async function lineOf(tree: Tree, path: string, pattern: RegExp): Promise<string | undefined> {
  const text = (await tree.read(path))?.toString('utf8')
  return text === undefined ? undefined : pattern.exec(text)?.[1]
}

/** 8 of `1.8`, `8`, `temurin-8.0.392`, `8.0.392-tem`; 17 of `[17,18)`. */
export function majorOf(text: string): number | undefined {
  const [, first, second] = /(\d+)(?:\.(\d+))?/.exec(text) ?? []
  if (first === undefined) return undefined
  return first === '1' && second !== undefined ? Number(second) : Number(first)
}

/** The line that there is an image for; the newest where all of them are older. */
export function nearest(major: number): number {
  return jdkMajors.find((candidate) => candidate >= major) ?? jdkMajors[jdkMajors.length - 1] ?? usualJdk
}

interface Levels {
  readonly release?: number | undefined
  readonly source?: number | undefined
  readonly toolchain?: number | undefined
}

const sourceProperties = ['maven.compiler.source', 'maven.compiler.target', 'maven.compiler.testSource']

/** A property as a POM refers to it. */
function reference(name: string): string {
  return `\${${name}}`
}

async function levelsOf(model: Model, pom: Pom): Promise<Levels> {
  const chain = await model.chain(pom)
  const filled = async (text: string): Promise<number | undefined> => {
    const { text: value } = await model.resolve({ text, start: 0, end: 0 }, pom)
    return value.includes('${') ? undefined : majorOf(value)
  }
  const highest = async (texts: readonly string[]): Promise<number | undefined> => {
    const found = (await Promise.all(texts.map(filled))).filter((level) => level !== undefined)
    return found.length === 0 ? undefined : Math.max(...found)
  }
  const compilers = chain.flatMap((at) => configurations(at, 'maven-compiler-plugin'))
  const toolchains = chain
    .filter(({ inTree }) => inTree)
    .flatMap((at) => configurations(at, 'maven-toolchains-plugin'))
  const written = (names: readonly string[]): string[] =>
    compilers.flatMap((element) => names.flatMap((name) => childText(element, name) ?? []))
  return {
    release: await highest([reference('maven.compiler.release'), ...written(['release', 'testRelease'])]),
    source: await highest([
      ...sourceProperties.map(reference),
      ...written(['source', 'target', 'testSource']),
    ]),
    toolchain: await highest(toolchains.flatMap((element) => deepText(element, 'version'))),
  }
}

/** `<configuration>` elements of a plugin, of its executions too; what profiles configure does not count. */
function configurations(pom: Pom, artifactId: string): Element[] {
  return sectionsOf(pom)
    .filter(({ profile }) => profile === undefined)
    .flatMap(({ plugins, managedPlugins }) => [...plugins, ...managedPlugins])
    .filter((plugin) => plugin.artifactId === artifactId && plugin.groupId === pluginGroup)
    .flatMap(({ element }) => deep(element, 'configuration'))
}

function deepText(element: Element, name: string): string[] {
  return deep(element, name).map(({ text }) => text)
}
