import type { EcosystemFacts } from '../facts.ts'

/**
 * A small ecosystem to begin with: `vendor.txt` names packages and versions, one a line, whose files are fetched into
 * `vendor/`. It is registered nowhere; docs/adding-an-ecosystem.md says how a copy becomes one.
 */
export const facts = {
  id: '_template',
  name: '_template',
  managers: ['_template'],
  manifest: 'vendor.txt',
  manifests: [],
  lockfiles: [],
  declares: { kind: 'lines', line: /^(?<name>[a-z][a-z0-9-]*) [^\s#]+/ },
  generated: /(^|\/)vendor\//,
  installed: ['vendor/'],
  toolchain: {},
} as const satisfies EcosystemFacts
