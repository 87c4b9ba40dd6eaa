import { wordsBound } from '../imports.ts'
import type { Language } from '../language.ts'
import { globalsIn, importPattern, modulePattern } from './imports.ts'
import { linksOf, moduleOf } from './modules.ts'

/** JavaScript and TypeScript, whatever runs them, and what is written into components of pages. */
export const javascript: Language = {
  files: /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/,
  tests: /(?:^|\/)(?:tests?|spec|__tests__)\/|\.(?:test|spec)\.\w+$/,
  brought: /(?:^|\/)node_modules\/|\.min\.js$/,
  declares: /\.d\.[cm]?ts$/,
  typed: /\.[cm]?tsx?$/,
  words: {
    reserved:
      `break case catch class const continue debugger default delete do else enum export extends false finally for
       function if import in instanceof new null return super switch this throw true try typeof var void while with`.split(
        /\s+/,
      ),
    ofLists:
      `forEach map filter reduce reduceRight some every find findIndex findLast flat flatMap includes indexOf lastIndexOf
       join push pop shift unshift slice splice sort reverse concat at fill toString valueOf split replace replaceAll
       trim startsWith endsWith substring charAt toLowerCase toUpperCase match hasOwnProperty`.split(/\s+/),
    ofHolders: 'get set has delete add clear size keys values entries length'.split(' '),
  },
  said: {
    words: [
      /([\w$.]+) is not a (?:function|constructor)/g,
      // What has no type any more has no members: that says nothing of the name.
      /Property '([\w$]+)' does not exist(?! on type '(?:\{\}|unknown|never|object|void)')/g,
      /'([\w$]+)' does not exist in type/g,
      /has no exported member (?:named )?'([\w$]+)'/g,
      /does not provide an export named '([\w$]+)'/g,
      /reading '([\w$]+)'/g,
      /Option '([\w$]+)' has been removed/g,
    ],
    modules: [
      /Cannot find (?:module|package) '([^'/.][^']*)'/g,
      /Could not resolve ["']([^"'/.][^"']*)["']/g,
      /Package subpath '(\.\/[^']+)'/g,
    ],
  },
  unknown: {
    missing: /Cannot find (?:name|namespace) '([\w$]+)'|'([\w$]+)' refers to a UMD global/,
    untyped: /'([\w$]+)(?:\.[\w$.]+)?' is (?:of type 'unknown'|possibly)/,
  },
  spoken: {
    typescript: ['ts'],
    nyc: ['istanbul'],
    jest: ['jest', 'istanbul'],
    c8: ['c8', 'v8'],
    '@vitest/coverage-v8': ['v8', 'istanbul'],
    '@vitest/coverage-istanbul': ['istanbul'],
    '@biomejs/biome': ['biome'],
    webpack: ['webpackIgnore', 'webpackChunkName', 'webpackPrefetch', 'webpackPreload', 'webpackMode'],
  },
  configs: { typescript: '[jt]sconfig[^/]*\\.json' },
  // Whatever no other language has: names of modules have no form of their own.
  owns: (name) => !name.includes(':'),
  importPattern,
  boundNames: wordsBound,
  globalsIn,
  modulePattern,
  moduleOf,
  linksOf,
}
