export interface Options { digits?: number; space?: boolean }
/** Digits default to 1. */
export function metres(value: number, options?: Options): string
export function parse(text: string): number
