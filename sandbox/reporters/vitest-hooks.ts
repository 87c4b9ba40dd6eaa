interface Loaded {
  readonly format?: string | null
  readonly source?: string | ArrayBuffer | Uint8Array | null
}

const vitestModule = /\/vitest\/dist\/[^?#]*\.m?js$/
const announce = '\n;if (typeof Vitest === "function") globalThis[Symbol.for("drydock.vitest")]?.(Vitest)\n'

/** The module's source with a line that hands Vitest's own class to the preload, where it defines one. */
export function announced<T extends Loaded>(url: string, loaded: T): T {
  if (!vitestModule.test(url) || loaded.source === undefined || loaded.source === null) return loaded
  const source =
    typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
  return /^class Vitest\b/m.test(source) ? { ...loaded, source: source + announce } : loaded
}

/** Asynchronous module hook, for `module.register`. */
export async function load<T extends Loaded>(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<T>,
): Promise<T> {
  return announced(url, await next(url, context))
}
