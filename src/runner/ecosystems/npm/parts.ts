import { calledScripts, type Scripts } from './tools/callees.ts'
import { chainParts, wordsOf } from './tools/shell.ts'

/** One command of a script that chains several. */
export interface Part {
  readonly step: 'build' | 'test' | 'lint'
  /** As it is written; of a script, its name. */
  readonly text: string
  readonly script?: string
  /** It asks a service outside: without a network it can only fail. */
  readonly network?: true
}

const network =
  /\b((npm|pnpm|yarn)( npm)? (audit|publish|outdated|view|info|whoami|login)|codecov|coveralls|snyk|nsp( check)?|retire|audit-ci|better-npm-audit|npm-audit-resolver|auditjs|codeclimate-test-reporter|semantic-release|npm-check(-updates)?|ncu|greenkeeper-lockfile-\w+|david|curl|wget|gh|sonar-scanner|percy|chromatic|lhci|is-website-vulnerable|bundlewatch|bundlesize|vsce publish|gh-pages|lockfile-lint)\b/
const lint =
  /\b(eslint|standard|semistandard|ts-standard|xo|prettier|tslint|jshint|jscs|stylelint|biome|rome|dprint|oxlint|commitlint|markdownlint|remark|dependency-cruiser|depcheck|knip|publint|editorconfig-checker|eclint|cspell|lint|fmt|format|license-checker|type-coverage|size-limit)\b/
const build =
  /\b(tsc|vue-tsc|tsgo|webpack|rollup|vite build|esbuild|tsup|babel|swc|build|compile|typecheck|type-check|flow|browserify|gulp build|prepare|clean|rimraf|mkdirp|tsd|attw)\b/
const tests =
  /\b(mocha|jest|vitest|ava|tap|tape|uvu|jasmine|karma|cypress|playwright|nyc|c8|istanbul|lab|node --test|test|unit|spec|coverage)\b/
/** A look at what was measured before: its own word, not that of a test. */
const thresholds = /^\s*(npx )?(nyc|c8|istanbul) check-coverage\b/
const deepest = 3

/**
 * The commands that a script chains with `&&` or through npm-run-all, those of scripts that it calls included; undefined
 * where it is one command, or more than a chain of plain ones.
 */
export function partsOf(name: string, scripts: Scripts): readonly Part[] | undefined {
  const parts = [`pre${name}`, name, `post${name}`].flatMap((one) =>
    scripts.has(one) ? (divided(one, scripts, deepest) ?? [bodyPart(one, name, scripts)]) : [],
  )
  return parts.length > 1 ? parts : undefined
}

/** The body of a script by itself: called by its name it would bring what runs before and after it along. */
function bodyPart(one: string, name: string, scripts: Scripts): Part {
  const text = scripts.get(one) ?? ''
  const kind = kindOf(text)
  // What only goes before or after a script is no test where it does not look like one.
  const aside = one !== name && kind.step === 'test' && kind.network !== true && !tests.test(text)
  return { text, ...kind, ...(aside ? { step: 'build' as const } : {}) }
}

function divided(name: string, scripts: Scripts, depth: number): readonly Part[] | undefined {
  const chain = chainParts(scripts.get(name) ?? '')
  if (chain === undefined || depth === 0) return undefined
  const [only = ''] = chain
  const [words = []] = wordsOf(only)
  if (chain.length === 1 && calledScripts(words, scripts).length === 0) return undefined
  return chain.flatMap((text) => partsOfCommand(text, scripts, depth - 1))
}

function partsOfCommand(text: string, scripts: Scripts, depth: number): readonly Part[] {
  const commands = wordsOf(text)
  const called = commands.length === 1 ? calledScripts(commands[0] ?? [], scripts) : []
  // With further words of its own a call is more than the scripts it names.
  const plain = called.length > 0 && !/\s--\s/.test(text)
  if (!plain) return [{ text, ...kindOf(text) }]
  return called.flatMap((name) => divided(name, scripts, depth) ?? [scriptPart(name, scripts)])
}

function scriptPart(name: string, scripts: Scripts): Part {
  const [last = name] = name.split(':').slice(-1)
  const commands = scripts.get(name) ?? ''
  const kind = kindOf(commands)
  const told =
    kind.network !== true && lint.test(last) && !tests.test(last) ? { step: 'lint' as const } : kind
  return { text: name, script: name, ...told }
}

function kindOf(text: string): Pick<Part, 'step' | 'network'> {
  const asks = network.test(text) && !tests.test(text.replace(network, '').replace(/coverage/g, ''))
  if (asks) return { step: 'test', network: true }
  if (thresholds.test(text)) return { step: 'lint' }
  if (tests.test(text)) return { step: 'test' }
  if (lint.test(text)) return { step: 'lint' }
  return { step: build.test(text) ? 'build' : 'test' }
}
