import { remotePlace } from './address.ts'

/** Where a person opens the request by hand, at hosts that have a page for it; undefined where none is known. */
export function printedAddress(remoteUrl: string): string | undefined {
  const place = remotePlace(remoteUrl)
  if (place === undefined || !/^[\w.-]+(\/[\w.~-]+)+$/.test(place.path)) return undefined
  const page = pages.find(([host]) => host.test(place.host))?.[1]
  return page === undefined ? undefined : `https://${place.host}/${place.path}/${page}`
}

const pages: readonly (readonly [RegExp, string])[] = [
  [/^(www\.)?github\.com$|^github\./, 'compare'],
  [/^(www\.)?gitlab\.com$|^gitlab\./, '-/merge_requests/new'],
  [/^(www\.)?bitbucket\.org$/, 'pull-requests/new'],
  [/^(www\.)?(codeberg\.org|gitea\.com)$|^(gitea|forgejo)\./, 'compare'],
]
