import { check } from './check.ts'
import { install } from './install.ts'

/** `maven.mjs install`, or `maven.mjs check [--results DIR] -- command …`; exits as Maven does. */
function main([mode, ...words]: readonly string[]): number {
  if (mode === 'install') return install()
  const split = words.indexOf('--')
  const results = words[0] === '--results' ? words[1] : undefined
  return check(results, words.slice(split + 1))
}

process.exitCode = main(process.argv.slice(2))
