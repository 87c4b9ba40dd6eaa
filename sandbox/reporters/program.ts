import fs from 'node:fs'
import { quietly } from './record.ts'

/** The program that this process runs, links followed: package managers link a package's programs. */
export function programOf(script: string | undefined): string {
  if (script === undefined) return ''
  return quietly(() => fs.realpathSync(script)) ?? script
}

/** Runners that are ES modules, whose parts only a module hook reaches. */
export const isModuleRunner = (program: string): boolean =>
  /[\\/](vitest[\\/](vitest\.mjs|dist[\\/]cli[^\\/]*)|ava[\\/](entrypoints[\\/]cli\.mjs|cli\.js)|uvu[\\/]bin\.js)$/.test(
    program,
  )

/** node-tap up to 16; a later one prints what it reports twice, once it is asked for a copy. */
export const isTap = (program: string): boolean => /[\\/]tap[\\/]bin[\\/]run\.js$/.test(program)

export const isPlaywright = (program: string): boolean =>
  /[\\/](@playwright[\\/]test|playwright)[\\/](lib[\\/])?cli\.js$/.test(program)

/** A yarn from 2 on, which puts the Node that it runs on itself first in the PATH of scripts. */
export const isModernYarn = (program: string): boolean =>
  /[\\/](yarn-[2-9][^\\/]*\.c?js|(yarn-[2-9][^\\/]*|cli-dist)[\\/]bin[\\/]yarn\.js)$/.test(program)

const unnamed: readonly (readonly [string, RegExp])[] = [
  ['karma', /[\\/]karma[\\/]bin[\\/]karma$/],
  ['cucumber', /[\\/]@cucumber[\\/]cucumber[\\/]bin[\\/]cucumber\.?[cm]?j?s?$/],
  ['cypress', /[\\/]cypress[\\/]bin[\\/]cypress$/],
  ['web-test-runner', /[\\/]@web[\\/]test-runner[\\/](dist[\\/])?bin\.js$/],
  ['testcafe', /[\\/]testcafe[\\/]bin[\\/]testcafe(-with-v8-flag-filter)?\.js$/],
  ['wdio', /[\\/]@wdio[\\/]cli[\\/]bin[\\/]wdio\.js$/],
  ['nightwatch', /[\\/]nightwatch[\\/]bin[\\/]nightwatch$/],
]

/** A runner that no listener here can name the tests of. */
export function unnamedRunner(program: string): string | undefined {
  return unnamed.find(([, pattern]) => pattern.test(program))?.[0]
}
