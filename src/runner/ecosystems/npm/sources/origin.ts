import npa from 'npm-package-arg'
import type { Wish } from '../../../gitSource/gitSource.ts'

/** Where a package comes from that no registry serves. */
export type Origin =
  | {
      readonly kind: 'git'
      /** As git takes it: over https where a forge is meant. */
      readonly url: string
      /** The same place in one spelling, whatever the protocol. */
      readonly place: string
      readonly wish: Wish
      /** Folder of the package in the repository. */
      readonly folder: string
    }
  | { readonly kind: 'tarball'; readonly url: string }

/** Reads a specifier, or an address of a lock file; undefined for what means a registry, a folder or nothing known. */
export function originOf(name: string, text: string): Origin | undefined {
  if (!/[:/]/.test(text) || /^(npm|workspace|catalog|patch|file|link|portal):/.test(text)) return undefined
  if (text.length > 2000 || /[\0-\x20\x7f]/.test(text)) return undefined
  return archiveOrigin(text) ?? specifierOrigin(name, text)
}

/** Archives that forges make of a commit, as lock files name them. */
const archives = [
  /^https:\/\/codeload\.(?<host>github\.com)\/(?<path>[\w.-]+\/[\w.-]+)\/(?:legacy\.)?tar\.gz\/(?<ref>[^?#]+)$/,
  /^https:\/\/(?<host>gitlab\.com)\/api\/v4\/projects\/(?<path>[\w.%-]+)\/repository\/archive\.tar\.gz\?(?:sha|ref)=(?<ref>[^&#]+)$/,
  /^https:\/\/(?<host>gitlab\.com)\/(?<path>[\w./-]+?)\/(?:-\/)?(?:repository\/)?archive(?:\.tar\.gz\?ref=|\/)(?<ref>[^/&#?]+)(?:\/[^/]*\.tar\.gz)?$/,
  /^https:\/\/(?<host>bitbucket\.org)\/(?<path>[\w.-]+\/[\w.-]+)\/get\/(?<ref>[^?#]+)\.tar\.gz$/,
]

function archiveOrigin(text: string): Origin | undefined {
  for (const pattern of archives) {
    const { host, path, ref } = pattern.exec(text)?.groups ?? {}
    if (host === undefined || path === undefined || ref === undefined) continue
    return gitOrigin(`https://${host}/${decode(path)}.git`, decode(ref).replace(/^refs\/(tags|heads)\//, ''))
  }
  return undefined
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function specifierOrigin(name: string, text: string): Origin | undefined {
  const spec = read(name, text)
  if (spec === undefined) return undefined
  const fragment = /#(.*)$/.exec(text)?.[1] ?? ''
  const { hosted } = spec as unknown as { readonly hosted?: { https(options: object): string | null } }
  const forge = hosted?.https({ noGitPlus: true, noCommittish: true }) ?? undefined
  if (forge !== undefined) return gitOrigin(forge, fragment)
  if (spec.type === 'git' && spec.fetchSpec) return gitOrigin(spec.fetchSpec.replace(/#.*$/, ''), fragment)
  if (spec.type !== 'remote' || !/^https?:\/\//i.test(text)) return undefined
  const [address = ''] = text.split('#')
  return /\.git\/?$/.test(address) ? gitOrigin(address, fragment) : { kind: 'tarball', url: address }
}

function read(name: string, text: string): npa.Result | undefined {
  try {
    // As ssh writes it; npm takes it for a folder, its relatives do not.
    return npa.resolve(name, /^[\w.-]+@[\w.-]+:(?!\/\/)\S+$/.test(text) ? `git+ssh://${text}` : text)
  } catch {
    return undefined
  }
}

function gitOrigin(from: string, fragment: string): Origin | undefined {
  const scp = /^([\w.-]+@)?([\w.-]+):(?!\/\/)(.+)$/.exec(from)
  const url = scp === null || /^[a-z+]+:\/\//i.test(from) ? from : `ssh://${scp[1] ?? ''}${scp[2]}/${scp[3]}`
  if (!URL.canParse(url)) return undefined
  const { protocol, host, hostname, pathname } = new URL(url)
  if (!/^(https?|ssh|git):$/.test(protocol) || !/^[a-z0-9[][\w.:[\]-]*$/i.test(hostname)) return undefined
  const wish = wishOf(fragment)
  if (wish === undefined) return undefined
  const place = `${host.toLowerCase()}${decode(pathname).replace(/(\.git)?\/*$/, '')}`
  // What git would fetch in clear text, and forges give out no longer.
  const safe =
    protocol === 'git:' || overHttps.test(url) ? url.replace(/^(git|ssh):\/\/([^/@]*@)?/, 'https://') : url
  return { kind: 'git', url: safe, place, ...wish }
}

/** Public ones have no use for a key. */
const overHttps = /^ssh:\/\/([^/@]*@)?(codeberg\.org|git\.sr\.ht|github\.com|gitlab\.com|bitbucket\.org)\//

/** `main`, `1a2b3c4`, `semver:^1`, `commit=…`, `tag=…`, `main&path:/packages/a`; undefined where it cannot be one. */
function wishOf(fragment: string): { readonly wish: Wish; readonly folder: string } | undefined {
  let wish: Wish = {}
  let folder = ''
  for (const part of fragment.split('&')) {
    const [, key = '', text = ''] =
      /^(?:(semver|path|commit|tag|head|cwd|workspace)[:=])?(.*)$/s.exec(part) ?? []
    const value = decode(text)
    if (key === 'path') folder = value.replaceAll(/^\/+|\/+$/g, '')
    else if (key === 'semver') wish = { range: value }
    else if (key === 'workspace') return undefined
    else if (key === 'commit' || /^[0-9a-f]{7,64}$/.test(value)) wish = { commit: value }
    else if (key !== 'cwd' && value !== '') wish = { ref: value }
  }
  const { ref = 'a', commit = 'abcdefa', range = '*' } = wish
  const fits =
    /^(?![-/.])[\w./@+-]{1,250}$/.test(ref) &&
    /^[0-9a-f]{7,64}$/.test(commit) &&
    /^[\w .<>=~^|*+-]{1,100}$/.test(range)
  if (!fits || ref.includes('..') || folder.split('/').some((name) => /^\.{1,2}$/.test(name)))
    return undefined
  return { wish, folder }
}
