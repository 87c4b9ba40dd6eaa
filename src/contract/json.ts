const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A JSON document's value; undefined where it is none, which the schema that reads it then refuses. */
export function tryJson(document: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof document === 'string' ? document : decoder.decode(document))
  } catch {
    return undefined
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Empty for what is no map. */
export function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {}
}
