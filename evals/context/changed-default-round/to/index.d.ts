export interface Options { digits?: number; space?: boolean }
/** Digits default to 2. */
export function metres(value: number, options?: Options): string
export function parse(text: string): number
export function feet(value: number): string
export function fathoms(value: number): string
