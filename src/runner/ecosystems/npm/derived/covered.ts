import { posix } from 'node:path'
import type { Tree } from '../../project.ts'
import { configAt, readTsConfig } from './tsconfig.ts'

/** A command of a script, and the folder that it runs in. */
export interface Placed {
  readonly dir: string
  readonly words: readonly string[]
}

const compiler = /(^|\/)(tsc|vue-tsc|tsgo)(\.js)?$/
/** Commands that check the types of all sources besides what else they do. */
const checking: readonly RegExp[] = [
  /^(npx )?(next|nest|ng|react-scripts|tsdx|umi|max|vue-cli-service|gatsby) (build|typecheck)\b/,
  /\b(astro check|nuxi? typecheck|nuxt-tsc|svelte-check|attw|ts-standard)\b/,
]

/** Configurations that these commands run a type check on, those that they refer to included. */
export async function coveredConfigs(tree: Tree, commands: readonly Placed[]): Promise<ReadonlySet<string>> {
  const covered = new Set<string>()
  for (const { dir, words } of commands) {
    for (const { config, all } of namedConfigs(words)) {
      const path = configAt(tree, posix.join(dir, config))
      if (path !== undefined) await cover(tree, path, all, covered)
    }
    if (checking.some((pattern) => pattern.test(words.join(' ')))) {
      const path = configAt(tree, dir === '' ? '.' : dir)
      if (path !== undefined) await cover(tree, path, true, covered)
    }
  }
  return covered
}

async function cover(tree: Tree, path: string, all: boolean, covered: Set<string>): Promise<void> {
  if (covered.has(path)) return
  covered.add(path)
  if (!all) return
  for (const reference of (await readTsConfig(tree, path))?.references ?? [])
    await cover(tree, reference, true, covered)
}

/** What a call of the compiler names with `-p` or `-b`, or means without; `all`: with what it refers to. */
export function namedConfigs(
  words: readonly string[],
): readonly { readonly config: string; readonly all: boolean }[] {
  const at = words.findIndex((word) => compiler.test(word))
  if (at === -1) return []
  const rest = words.slice(at + 1)
  if (
    rest.some((word) =>
      /^(-w|--watch|--init|-v|--version|-h|--help|--showConfig|--listFilesOnly)$/.test(word),
    )
  )
    return []
  const project = rest.findIndex((word) => /^(-p|--project)$/i.test(word))
  if (project !== -1) return [{ config: rest[project + 1] ?? '.', all: false }]
  const inline = rest.map((word) => /^--project=(.+)$/i.exec(word)?.[1]).find((value) => value !== undefined)
  if (inline !== undefined) return [{ config: inline, all: false }]
  const operands = rest.filter((word, index) => !word.startsWith('-') && !takesValue(rest[index - 1]))
  if (rest.some((word) => /^(-b|--build)$/.test(word)))
    return (operands.length === 0 ? ['.'] : operands).map((config) => ({ config, all: true }))
  // With files on its command line the compiler reads no configuration.
  return operands.some((word) => /\.[cm]?tsx?$/.test(word)) ? [] : [{ config: '.', all: false }]
}

function takesValue(word: string | undefined): boolean {
  return /^--(outDir|target|module|moduleResolution|lib|rootDir|declarationDir|jsx|types|tsBuildInfoFile|outFile)$/i.test(
    word ?? '',
  )
}
