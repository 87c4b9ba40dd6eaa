const peerLine = /peer(?:Optional)? ((?:@[^/\s@"]+\/)?[^/\s@"]+)@"[^"]*" from ((?:@[^/\s@"]+\/)?[^/\s@"]+)@/g
const resolvingLine = /While resolving: ((?:@[^/\s@"]+\/)?[^/\s@"]+)@/g

/**
 * Packages that npm's ERESOLVE names, with the reason: those whose peers do not fit what was asked for.
 * Only direct dependencies among them can be moved; the plan ignores the others.
 */
export function conflicts(log: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (!/\bERESOLVE\b/.test(log)) return found
  for (const [, peer = '', dependant = ''] of log.matchAll(peerLine)) {
    if (!found.has(dependant)) found.set(dependant, `its peer ${peer} moves`)
    if (!found.has(peer)) found.set(peer, `peer of ${dependant}`)
  }
  for (const [, resolving = ''] of log.matchAll(resolvingLine))
    if (!found.has(resolving)) found.set(resolving, 'its peers do not fit')
  return found
}
