import type { EcosystemFacts } from '../facts.ts'

/** npm, pnpm and yarn. */
export const facts = {
  id: 'npm',
  name: 'npm',
  usual: true,
  managers: ['npm', 'pnpm', 'yarn'],
  manifest: 'package.json',
  scripts: 'scripts',
  manifests: ['pnpm-workspace.yaml'],
  lockfiles: ['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml'],
  echoes: /^\s*(?:[>$] |npm (?:ERR!|error|verbose)|error Command failed|.*ELIFECYCLE)/,
  declares: {
    kind: 'json',
    groups: ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'],
  },
  generated:
    /(^|\/)(node_modules|\.cache|\.vite|\.parcel-cache|\.turbo|\.nx)\/|\.tsbuildinfo$|(^|\/)\.(eslintcache|stylelintcache)$/,
  installed: [
    'node_modules/',
    '.pnpm-store/',
    '.yarn/cache/',
    '.yarn/unplugged/',
    '.yarn/install-state.gz',
    '.pnp.cjs',
    '.pnp.loader.mjs',
  ],
  sensitive:
    /(^|\/)\.yarn(\/|$)|(^|\/)((tsconfig[^/]*|biome)\.jsonc?|(package|package-lock|npm-shrinkwrap)\.jsonc|\.pnpmfile\.cjs)$/,
  toolchain: { node: 'Major version of Node, such as 22.' },
} as const satisfies EcosystemFacts
