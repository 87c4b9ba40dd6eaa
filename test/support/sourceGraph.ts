import { readFile } from 'node:fs/promises'
import { join, posix, resolve } from 'node:path'
import { type ParseResult, parse } from '@babel/parser'
import type * as t from '@babel/types'
import { execa } from 'execa'

export const root = resolve(import.meta.dirname, '../..')

/** A module of the product, with what it takes from elsewhere: paths of the tree, and names of packages. */
export interface Module {
  readonly path: string
  readonly text: string
  readonly program: t.Program
  readonly modules: readonly string[]
  readonly packages: readonly string[]
}

const folders = ['src', 'sandbox', 'webview-ui']

export function parseModule(path: string, text: string): Module {
  const plugins = ['typescript' as const, ...(path.endsWith('x') ? ['jsx' as const] : [])]
  const { program }: ParseResult<t.File> = parse(text, {
    sourceType: 'module',
    plugins,
    createImportExpressions: true,
  })
  const from = specifiers(program)
  const isOwn = (one: string): boolean => one.startsWith('.')
  return {
    path,
    text,
    program,
    modules: from.filter(isOwn).map((one) => posix.join(posix.dirname(path), one)),
    packages: from.filter((one) => !isOwn(one)).map(packageOf),
  }
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:*'
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** What a module names of others, types included; a name that is made when it runs is none. */
function specifiers(program: t.Program): readonly string[] {
  const found: string[] = []
  visit(program, (node) => {
    const source = 'source' in node ? (node.source as t.Node | null | undefined) : undefined
    if (source?.type === 'StringLiteral') found.push(source.value)
  })
  return found
}

/** Calls for every node below, itself included. */
export function visit(node: t.Node, each: (node: t.Node) => void): void {
  each(node)
  for (const value of Object.values(node) as unknown[])
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) if (isNode(one)) visit(one, each)
}

function isNode(value: unknown): value is t.Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** Every module of the product that git knows or would take. */
export async function sourceModules(): Promise<readonly Module[]> {
  const { stdout } = await execa('git', ['ls-files', '-z', '-co', '--exclude-standard', ...folders], {
    cwd: root,
  })
  const paths = [...new Set(stdout.split('\0'))].filter(
    (path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'),
  )
  const read = await Promise.all(
    paths.map(async (path) => {
      const text = await readFile(join(root, path), 'utf8').catch(() => undefined)
      return text === undefined ? [] : [parseModule(path, text)]
    }),
  )
  return read.flat()
}
