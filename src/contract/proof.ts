import type { Matrix } from './report.ts'

/** How much a matrix proves, in one word for programs. */
export type Standing = 'red' | 'not verified' | 'steps' | 'tests'

/** Older logs do not say what a green matrix rests on: there it was a test or the exit code of the test command. */
export function standing({ breaks, green, proof, verified }: Matrix): Standing {
  if ((breaks?.length ?? 0) > 0) return 'red'
  if (!verified) return 'not verified'
  if (!green) return 'red'
  return proof === 'steps' ? 'steps' : 'tests'
}

/** Whether a test stands for it that everything that worked before works: what may be published without more words. */
export function isProven(matrix: Matrix | null | undefined): boolean {
  return matrix !== null && matrix !== undefined && standing(matrix) === 'tests'
}

/** The badge that stands for a matrix everywhere. */
export const badges: Readonly<Record<Standing, string>> = {
  red: 'Not green',
  'not verified': 'Not verified',
  steps: 'Green, without a test',
  tests: 'Green',
}

/** `repaired: the build; this project has no tests`; empty where the matrix says neither. */
export function proofLine({ proven, notProven }: Matrix): string {
  const shown = (proven ?? []).join(', ')
  return [...(shown === '' ? [] : [shown]), ...(notProven ?? [])].join('; ')
}

/** Why a person's word is needed before it is published, in a sentence. */
export function doubt(matrix: Matrix | null): string {
  if (matrix === null) return 'No check was made.'
  if (standing(matrix) === 'steps') return `No test that passed before ran again: ${proofLine(matrix)}.`
  return matrix.reasons[0] ?? 'No check was made.'
}

/** Whether anything ran after a repair: without one there is no third run to show. */
export function wasRepaired({ tests, steps }: Pick<Matrix, 'tests' | 'steps'>): boolean {
  return [...tests, ...steps].some(({ repair }) => repair !== undefined)
}
