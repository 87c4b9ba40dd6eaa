import { java } from './java/language.ts'
import { javascript } from './javascript/language.ts'
import type { Language } from './language.ts'

/** One line each. A package that no other one owns is imported in the first. */
export const languages: readonly Language[] = [javascript, java]

/** The language that a package is imported in. */
export function languageOfPackage(name: string): Language {
  return languages.find((one) => one.owns(name)) ?? javascript
}

/** The language of a file; undefined where it is no source code of a known one. */
export function languageOfFile(path: string): Language | undefined {
  return languages.find(({ files }) => files.test(path))
}

export function isSource(path: string): boolean {
  return languageOfFile(path) !== undefined
}

export function isTest(path: string): boolean {
  return languages.some(({ tests }) => tests.test(path))
}

export function isBrought(path: string): boolean {
  return languages.some(({ brought }) => brought?.test(path) === true)
}

/** A file as it can be loaded. */
export function moduleOf(path: string): string {
  return languageOfFile(path)?.moduleOf?.(path) ?? path
}
