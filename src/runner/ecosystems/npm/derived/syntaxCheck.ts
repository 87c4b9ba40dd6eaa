import { posix } from 'node:path'
import type { Tree } from '../../project.ts'
import type { Manifest } from '../manifest.ts'

/** Tools that turn sources into something else first: what they read need not be what Node reads. */
const transformers =
  /^(@babel\/(core|cli|register)|babel-cli|webpack|rollup|vite|parcel|esbuild|tsup|@swc\/core|flow-bin|react|preact|browserify|metro|gulp)$/
const mostFiles = 40

/** The files of a plain JavaScript project that Node itself reads: entry points, and sources that nothing bundles. */
export function plainSources(tree: Tree, dir: string, manifest: Manifest): readonly string[] {
  const entries = entryPoints(manifest).flatMap((entry) => resolve(tree, posix.join(dir, entry)) ?? [])
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })
  const more = names.some((name) => transformers.test(name)) ? [] : beneath(tree, dir)
  return [...new Set([...entries, ...more])].slice(0, mostFiles)
}

function entryPoints(manifest: Manifest): readonly string[] {
  const { main, bin, exports } = manifest as Record<string, unknown>
  const found = [...texts(main), ...texts(bin), ...texts(exports)]
  return (found.length === 0 ? ['index.js'] : found).filter((path) => !path.includes('*'))
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(texts) : []
}

function resolve(tree: Tree, path: string): string | undefined {
  const clean = posix.normalize(path).replace(/\/$/, '')
  const found = [clean, `${clean}.js`, `${clean}/index.js`].find((one) => tree.paths.includes(one))
  return found !== undefined && /\.[cm]?js$/.test(found) ? found : undefined
}

function beneath(tree: Tree, dir: string): readonly string[] {
  const start = dir === '' ? '' : `${dir}/`
  return tree.paths.filter(
    (path) => path.startsWith(start) && /^((src|lib|bin)\/.*|[^/]+)\.[cm]?js$/.test(path.slice(start.length)),
  )
}
