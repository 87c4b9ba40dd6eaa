import { InvalidArgumentError, Option } from 'commander'

/** A positive number, for an option. */
export function number(value: string): number {
  const read = Number(value)
  if (value.trim() === '' || !Number.isFinite(read) || read <= 0)
    throw new InvalidArgumentError('It is not a positive number.')
  return read
}

export const json = (): Option => new Option('--json', 'print JSON for machines')

/** Wraps a command's action so that its exit code is kept. */
export type Runner = <A extends unknown[]>(
  action: (...given: A) => Promise<number>,
) => (...given: A) => Promise<void>

/** The same for commands whose first argument names a session. */
export type SessionRunner = <A extends unknown[]>(
  action: (id: string, ...given: A) => Promise<number>,
) => (text: string, ...given: A) => Promise<void>

const collect = (value: string, before: readonly string[]): readonly string[] => [...before, value]

export const acknowledge = (): Option =>
  new Option('--acknowledge <code>', 'accept one warning by its code; may be repeated')
    .argParser(collect)
    .default([], 'none')
export const withoutJudge = (): Option =>
  new Option('--without-judge', 'publish although no judge has looked at the patch')
