const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A JSON document's value; undefined where it is none, which the schema that reads it then refuses. */
export function tryJson(document: string | Uint8Array): unknown {
  try {
    return JSON.parse(typeof document === 'string' ? document : decoder.decode(document))
  } catch {
    return undefined
  }
}
