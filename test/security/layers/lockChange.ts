const integrity =
  'sha512-XI5MPzVNApjAyhQzphX8BkmKsKUxD4LdyK24iZeQGinBN9yTQT3bFlCBy/aVx2HrNcqQGsdot8ghrjyrvMCoEA=='

/** A lock file changed as the words say: another host, no or another integrity, an install script, else a stranger. */
export function lockChange(words: string): { readonly before: string; readonly after: string } {
  const entry = {
    version: '1.3.0',
    resolved: 'https://registry.example.com/left-pad/-/left-pad-1.3.0.tgz',
    integrity,
  }
  const bumped = /([@\w/.-]+) (\d[\w.-]*) ?(?:->|→|to) ?(\d[\w.-]*)/.exec(words)
  if (bumped !== null) return { before: lockOf(bumped[1], bumped[2]), after: lockOf(bumped[1], bumped[3]) }
  const address = /https?:\/\/[^\s"',]+/g.exec(words.split(/->|→/).at(-1) ?? '')?.[0]
  const { integrity: _, ...bare } = entry
  const changed: object = /integrity/i.test(words)
    ? /remov|delet|without|no |missing|gone/i.test(words)
      ? bare
      : { ...entry, integrity: integrity.replace('XI5', 'AAA') }
    : /host|registry|resolved/i.test(words) || address !== undefined
      ? { ...entry, resolved: address ?? 'https://registry.attacker.example/left-pad-1.3.0.tgz' }
      : entry
  const script = /script|postinstall|preinstall/i.test(words)
  const stranger = {
    version: '1.0.0',
    resolved: 'https://registry.example.com/stranger/-/stranger-1.0.0.tgz',
    integrity,
    ...(script ? { hasInstallScript: true } : {}),
  }
  const same = JSON.stringify(changed) === JSON.stringify(entry)
  return {
    before: lock({ 'node_modules/left-pad': entry }),
    after: lock({ 'node_modules/left-pad': changed, ...(same ? { 'node_modules/stranger': stranger } : {}) }),
  }
}

/** Another version of a package is other bytes. */
function lockOf(name = 'left-pad', version = '1.3.0'): string {
  const resolved = `https://registry.example.com/${name}/-/${name}-${version}.tgz`
  const bytes = `sha512-${Buffer.from(version.padEnd(64, 'x')).toString('base64')}`
  return lock({ [`node_modules/${name}`]: { version, resolved, integrity: bytes } })
}

function lock(packages: object): string {
  const root = { name: 'fx', dependencies: { 'left-pad': '^1.0.0' } }
  return `${JSON.stringify({ name: 'fx', lockfileVersion: 3, packages: { '': root, ...packages } }, undefined, 2)}\n`
}
