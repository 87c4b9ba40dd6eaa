interface Loaded {
  readonly format?: string | null
  readonly source?: string | ArrayBuffer | Uint8Array | null
}

interface Announced {
  readonly module: RegExp
  /** What the module must define for the line to hold. */
  readonly defines: RegExp
  readonly line: string
}

const hand = 'process[Symbol.for("drydock.observe")]'

/** Modules that hand one of their own names to the preload, at their end. */
const modules: readonly Announced[] = [
  {
    module: /\/vitest\/dist\/[^?#]*\.m?js$/,
    defines: /^class Vitest\b/m,
    line: `if (typeof Vitest === "function") ${hand}?.("vitest", Vitest)`,
  },
  {
    module: /\/ava\/lib\/run-status\.js$/,
    defines: /\bclass RunStatus\b/,
    line: `${hand}?.("ava", RunStatus)`,
  },
  {
    module: /\/uvu\/dist\/index\.m?js$/,
    defines: /^async function runner\(/m,
    line: `if (${hand}) runner = ${hand}("uvu", runner)`,
  },
]

/** A module's source with the line that hands over; the same source where there is none. */
export function withAnnouncement(name: string, source: string): string {
  const found = modules.find(({ module, defines }) => module.test(name) && defines.test(source))
  return found === undefined ? source : `${source}\n;${found.line}\n`
}

export function announced<T extends Loaded>(url: string, loaded: T): T {
  if (loaded.source === undefined || loaded.source === null) return loaded
  if (!modules.some(({ module }) => module.test(url))) return loaded
  const given = loaded.source
  const source = typeof given === 'string' ? given : Buffer.from(given as Uint8Array).toString()
  const spoken = withAnnouncement(url, source)
  return spoken === source ? loaded : { ...loaded, source: spoken }
}

/** Asynchronous module hook, for `module.register`. */
export async function load<T extends Loaded>(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => Promise<T>,
): Promise<T> {
  return announced(url, await next(url, context))
}
