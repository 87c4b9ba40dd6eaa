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
