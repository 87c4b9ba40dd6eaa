import { posix } from 'node:path'
import { type ParseError, parse } from 'jsonc-parser'
import picomatch from 'picomatch'
import { z } from 'zod'
import type { Tree } from '../../project.ts'

const Config = z.looseObject({
  extends: z.union([z.string(), z.array(z.string())]).optional(),
  files: z.array(z.string()).optional(),
  include: z.array(z.string()).optional(),
  references: z.array(z.looseObject({ path: z.string() })).optional(),
  compilerOptions: z
    .looseObject({ allowJs: z.boolean().optional(), checkJs: z.boolean().optional() })
    .optional(),
})
type Config = z.infer<typeof Config>

/** A `tsconfig.json` as far as it matters for running the compiler on it. */
export interface TsConfig {
  readonly path: string
  /** Paths of the configurations that it refers to, as far as they are in the tree. */
  readonly references: readonly string[]
  /** It has sources of its own. */
  readonly compiles: boolean
}

const longestChain = 5

/** Undefined where there is no such file, or none that can be read. */
export async function readTsConfig(tree: Tree, path: string): Promise<TsConfig | undefined> {
  const config = await read(tree, path)
  if (config === undefined) return undefined
  const dir = posix.dirname(path)
  const inherited = await withParents(tree, path, config)
  const references = (config.references ?? []).map(({ path: to }) => configAt(tree, posix.join(dir, to)))
  return {
    path,
    references: references.filter((found) => found !== undefined),
    compiles: hasSources(tree, dir, inherited),
  }
}

/** A reference and `-p` name the file, or the folder that it lies in. */
export function configAt(tree: Tree, path: string): string | undefined {
  const clean = posix.normalize(path).replace(/\/$/, '')
  const inside = clean === '.' ? 'tsconfig.json' : posix.join(clean, 'tsconfig.json')
  return [clean, inside].find((one) => tree.paths.includes(one))
}

async function read(tree: Tree, path: string): Promise<Config | undefined> {
  const bytes = await tree.read(path)
  if (bytes === undefined) return undefined
  const errors: ParseError[] = []
  const document: unknown = parse(bytes.toString('utf8').replace(/^\uFEFF/, ''), errors, {
    allowTrailingComma: true,
  })
  const parsed = Config.safeParse(document)
  return parsed.success ? parsed.data : undefined
}

/** `files`, `include` and the options of what it extends, as far as that is in the tree. */
async function withParents(tree: Tree, path: string, own: Config): Promise<Config> {
  let config = own
  let next = own.extends
  let dir = posix.dirname(path)
  for (let hops = 0; next !== undefined && hops < longestChain; hops += 1) {
    const [first] = [next].flat().slice(-1)
    if (first?.startsWith('.') !== true) break
    const at = [posix.join(dir, first), `${posix.join(dir, first)}.json`].find((one) =>
      tree.paths.includes(one),
    )
    const parent = at === undefined ? undefined : await read(tree, at)
    if (at === undefined || parent === undefined) break
    config = {
      ...parent,
      ...config,
      compilerOptions: { ...parent.compilerOptions, ...config.compilerOptions },
    }
    next = parent.extends
    dir = posix.dirname(at)
  }
  return config
}

function hasSources(tree: Tree, dir: string, config: Config): boolean {
  const { files, include, compilerOptions } = config
  if ((files?.length ?? 0) > 0) return true
  if (files !== undefined && include === undefined) return false
  const js = compilerOptions?.allowJs === true || compilerOptions?.checkJs === true
  const source = js ? /\.[cm]?[jt]sx?$/ : /\.([cm]?ts|tsx|vue|svelte)$/
  const globs = (include ?? ['**/*']).map((glob) => asGlob(posix.join(dir, glob)))
  const matches = picomatch(globs, { dot: false })
  return tree.paths.some((path) => source.test(path) && !path.includes('node_modules/') && matches(path))
}

/** A folder in `include` means everything beneath it. */
function asGlob(path: string): string {
  const clean = path.replace(/\/$/, '')
  return /[*?]|\.\w+$/.test(posix.basename(clean)) ? clean : `${clean}/**/*`
}
