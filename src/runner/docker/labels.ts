/** Labels that everything created on the engine carries: one of the first two. */
export const SESSION_LABEL = 'drydock.session'
/** `image`, `seal`, `overlay`: things that outlive a session. */
export const CACHE_LABEL = 'drydock.cache'
/** On a seal marker: the prepared volume it names. */
export const VOLUME_LABEL = 'drydock.volume'
/** On a seal marker: the volume of the package manager's own files, where there is one. */
export const STORE_LABEL = 'drydock.store'
/** On a seal marker: the whole content key. */
export const KEY_LABEL = 'drydock.key'
/** On a session's hold: the sealed volume that must not be evicted now. */
export const HOLDS_LABEL = 'drydock.holds'

/** The engine's answer says the object is not there. */
export function isMissing(error: unknown): boolean {
  return statusOf(error) === 404
}

/** HTTP status of an engine's error answer; undefined for anything else. */
export function statusOf(error: unknown): number | undefined {
  const code = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined
  return typeof code === 'number' ? code : undefined
}
