import { wordsOf } from './tools/shell.ts'

/** What a command of a script is to the checks. */
export interface Kind {
  readonly step: 'build' | 'test' | 'lint'
  /** It asks a service outside: without a network it can only fail. */
  readonly network?: true
  /** It removes, copies or says something: no check, but what comes after it may need it. */
  readonly housekeeping?: true
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

/** Programs that are what they are whatever files they are given: `prettier -c src test` is no test. */
const linters =
  /^(eslint|standard|standardx|semistandard|ts-standard|snazzy|xo|prettier|prettierx|prettier-\w+|pretty-quick|tslint|jshint|jscs|stylelint|biome|rome|dprint|oxlint|oxfmt|commitlint|markdownlint|markdownlint-cli2?|remark|alex|write-good|depcruise|dependency-cruiser|dependency-check|depcheck|madge|knip|publint|installed-check|ec|editorconfig-checker|eclint|echint|cspell|license-checker|licensee|type-coverage|size-limit|cost-of-modules|npmPkgJsonLint|sort-package-json|fixpack|ls-lint|syncpack|sherif|manypkg|lint-staged|jsonlint|yamllint|htmlhint|sass-lint|es-check|jscpd|secretlint)$/
const builders =
  /^(tsc|vue-tsc|svelte-check|tsgo|webpack|rollup|esbuild|tsup|babel|swc|browserify|flow|tsd|attw|parcel|ncc|unbuild|microbundle)$/
const housekeepers =
  /^(rm|rmdir|rimraf|del|del-cli|trash|cp|cpx|cpx2|cpy|cpy-cli|cpr|ncp|copyfiles|mv|mkdir|mkdirp|make-dir|make-dir-cli|touch|chmod|ln|echo|printf|true|exit|sleep|clear|ls|pwd)$/
/** What runs a task of the project by its name. */
const taskRunners = /^(gulp|grunt|make|jake)$/
const tidyTask = /^(clean|cleanup|clear|copy|del)([:-][\w:-]+)?$/
/** Words before a program's name. */
const wrapper =
  /^(npx|pnpx|bunx|npm|yarn|pnpm|bun|run|run-script|exec|x|dlx|cross-env|cross-env-shell|env|dotenv|time|shx|--?.*|\w+=.*)$/

type Programs = 'lint' | 'build' | 'housekeeping'

export function isTests(text: string): boolean {
  return tests.test(text)
}

export function isLint(text: string): boolean {
  return lint.test(text)
}

/** By what it runs where that is known, else by the words in it. */
export function kindOf(text: string): Kind {
  const asks = network.test(text) && !tests.test(text.replace(network, '').replace(/coverage/g, ''))
  if (asks) return { step: 'test', network: true }
  if (thresholds.test(text)) return { step: 'lint' }
  const programs = new Set(wordsOf(text).map(programKind))
  if (programs.size > 0 && !programs.has(undefined)) return kindOfPrograms(programs)
  if (tests.test(text)) return { step: 'test' }
  if (lint.test(text)) return { step: 'lint' }
  return { step: build.test(text) ? 'build' : 'test' }
}

function kindOfPrograms(programs: ReadonlySet<Programs | undefined>): Kind {
  if (programs.has('build')) return { step: 'build' }
  return programs.has('lint') ? { step: 'lint' } : { step: 'build', housekeeping: true }
}

function programKind(words: readonly string[]): Programs | undefined {
  const start = words[0] === 'node' && /node_modules/.test(words[1] ?? '') ? 1 : 0
  const at = words.findIndex((word, index) => index >= start && !wrapper.test(word))
  const program = words[at]?.replace(/^.*\//, '').replace(/\.[cm]?js$/, '') ?? ''
  if (linters.test(program)) return 'lint'
  if (builders.test(program)) return 'build'
  if (housekeepers.test(program)) return 'housekeeping'
  const tasks = words.slice(at + 1).filter((word) => !word.startsWith('-'))
  const tidies = taskRunners.test(program) && tasks.length > 0 && tasks.every((task) => tidyTask.test(task))
  return tidies ? 'housekeeping' : undefined
}
