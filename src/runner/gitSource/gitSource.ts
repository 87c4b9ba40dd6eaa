import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import semver from 'semver'
import { tryJson } from '../../contract/json.ts'
import { openStore, type Store } from '../broker/store.ts'
import { archiveEntries } from '../git/archive.ts'
import { listTree, readBlob } from '../git/objects.ts'
import type { Git } from '../git/program.ts'
import type { TreeEntry } from '../git/repository.ts'
import { writeWhole } from '../wholeFile.ts'
import { emptyPackage, Packed, packedOf, type WithBytes } from './packed.ts'
import { GitTrouble, type RemoteGitOptions, remoteRefs, withCommit } from './remoteGit.ts'

/** What of a repository is wanted; nothing: its default branch. */
export interface Wish {
  /** In full or shortened. */
  readonly commit?: string
  /** Branch or tag. */
  readonly ref?: string
  /** The newest tag that it admits. */
  readonly range?: string
}

/** Repositories that packages come from, read with the user's git. Throws `GitTrouble`. */
export interface GitSource {
  /** The commit that a wish means now; within one source always the same. */
  commit(url: string, wish: Wish): Promise<string>
  /** A commit's tree, or a folder of it, as `npm pack` would name its files. */
  pack(url: string, commit: string, folder?: string): Promise<Packed>
  /** An empty package, for one that cannot be had and may be left out. */
  stub(name: string): Promise<Packed>
}

export interface GitSourceOptions extends Omit<RemoteGitOptions, 'scratch' | 'limits'> {
  /** Folder on the host, shared with the broker. */
  readonly cacheDir: string
  readonly limits?: RemoteGitOptions['limits']
}

const usualLimits = { maxBytes: 300_000_000, timeoutMs: 180_000 } as const
const maxFiles = 50_000
const maxListBytes = 20_000_000

export function openGitSource(options: GitSourceOptions): GitSource {
  const { cacheDir, limits = usualLimits, ...rest } = options
  const remote: RemoteGitOptions = { ...rest, limits, scratch: join(cacheDir, 'git') }
  const store = openStore(join(cacheDir, 'packages'))
  const commits = new Map<string, Promise<string>>()
  const packed = new Map<string, Promise<Packed>>()
  return {
    commit: (url, wish) => once(commits, JSON.stringify([url, wish]), () => findCommit(url, wish, remote)),
    pack: (url, commit, folder = '') =>
      once(packed, JSON.stringify([url, commit, folder]), () => pack({ url, commit, folder }, remote, store)),
    stub: async (name) => {
      const { bytes, ...made } = await emptyPackage(name, '0.0.0')
      await store.put(made.integrity, bytes)
      return made
    },
  }
}

function once<T>(known: Map<string, Promise<T>>, key: string, find: () => Promise<T>): Promise<T> {
  const pending = known.get(key) ?? find()
  known.set(key, pending)
  pending.catch(() => known.delete(key)) // asked again the next time
  return pending
}

async function findCommit(url: string, wish: Wish, remote: RemoteGitOptions): Promise<string> {
  if (wish.commit !== undefined) {
    return wish.commit.length >= 40
      ? wish.commit
      : await withCommit(url, wish.commit, remote, async (_, commit) => commit)
  }
  const refs = await remoteRefs(url, remote)
  const found = wish.range === undefined ? byName(refs, wish.ref) : byRange(refs, wish.range)
  if (found !== undefined) return found
  throw new GitTrouble(`it has no ${wish.range ?? wish.ref ?? 'default branch'}`)
}

function byName(refs: ReadonlyMap<string, string>, ref: string | undefined): string | undefined {
  if (ref === undefined) return refs.get('HEAD')
  const names = [`refs/tags/${ref}`, `refs/heads/${ref}`, ref.startsWith('refs/') ? ref : '']
  return names.map((name) => refs.get(name)).find((commit) => commit !== undefined)
}

function byRange(refs: ReadonlyMap<string, string>, range: string): string | undefined {
  const tags = [...refs.keys()].filter((name) => name.startsWith('refs/tags/'))
  const versions = new Map(
    tags.flatMap((name) => {
      const version = semver.valid(name.slice('refs/tags/'.length), { loose: true })
      return version === null ? [] : [[version, name] as const]
    }),
  )
  const best = semver.maxSatisfying([...versions.keys()], range)
  return best === null ? undefined : refs.get(versions.get(best) ?? '')
}

interface Place {
  readonly url: string
  readonly commit: string
  readonly folder: string
}

async function pack(place: Place, remote: RemoteGitOptions, store: Store): Promise<Packed> {
  const record = join(remote.scratch, `${sourceKey(place)}.json`)
  const kept = Packed.safeParse(tryJson(await readFile(record).catch(() => Buffer.alloc(0))))
  if (kept.success && (await store.open(kept.data.integrity)) !== undefined) return kept.data
  const made = await withCommit(place.url, place.commit, remote, (git, commit) =>
    archive(git, { ...place, commit }, remote.limits.maxBytes),
  )
  const { bytes, ...packed } = made
  if (!(await store.put(packed.integrity, bytes))) throw new GitTrouble('it could not be kept')
  await writeWhole(record, JSON.stringify(packed))
  return packed
}

/** Names one state of one place, whoever asks for it. */
export function sourceKey({ url, commit, folder }: Place): string {
  return createHash('sha256')
    .update(JSON.stringify([url, commit, folder]))
    .digest('hex')
    .slice(0, 40)
}

async function archive(git: Git, { url, commit, folder }: Place, maxBytes: number): Promise<WithBytes> {
  const tree = `${commit}^{tree}`
  // A tree may name itself so often that no list of it would end.
  const listed = await listTree(git, tree, { maxOutputBytes: maxListBytes }).catch(() => undefined)
  if (listed === undefined) throw new GitTrouble('it has more files than can be listed')
  const all = beneath(listed, folder)
  const files = all.filter(({ mode }) => mode.startsWith('100'))
  const size = files.reduce((sum, entry) => sum + entry.size, 0)
  if (size > maxBytes || files.length > maxFiles)
    throw new GitTrouble(`it has ${files.length} files of ${Math.round(size / 1e6)} MB, which is too much`)
  const odd = files.find(({ path }) => path.split('/').some((part) => /^(\.{0,2}|\.git)$/i.test(part)))
  if (odd !== undefined) throw new GitTrouble(`it holds the path ${JSON.stringify(odd.path)}`)
  const own = await readBlob(git, tree, posix.join(folder, 'package.json'))
  if (own === undefined && folder !== '')
    throw new GitTrouble(`it has no ${posix.join(folder, 'package.json')}`)
  const manifest = own ?? Buffer.from(JSON.stringify({ name: nameIn(url), version: '0.0.0' }))
  const made =
    own === undefined ? [{ path: 'package/package.json', size: manifest.byteLength, content: manifest }] : []
  // npm packs no links either.
  const named = files.map((entry) => ({ ...entry, path: `package/${entry.path}` }))
  const leftOut = all.filter(({ mode }) => !mode.startsWith('100')).map(({ path }) => path)
  return await packedOf(archiveEntries(git, named, made), manifest.toString('utf8'), leftOut)
}

/** What yarn and pnpm call a repository that is no package: they take it all the same, for its files. */
function nameIn(url: string): string {
  return (
    posix
      .basename(url)
      .replace(/\.git$/, '')
      .replaceAll(/[^\w.-]/g, '-')
      .toLowerCase() || 'package'
  )
}

function beneath(entries: readonly TreeEntry[], folder: string): readonly TreeEntry[] {
  if (folder === '') return entries
  const prefix = `${folder}/`
  return entries
    .filter(({ path }) => path.startsWith(prefix))
    .map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }))
}
