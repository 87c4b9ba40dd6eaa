/** A request to an upstream as it goes out: redirects are not followed. */
export interface Question {
  readonly method: 'GET' | 'HEAD'
  readonly headers: Readonly<Record<string, string>>
  /** Bytes, after decompression; whoever reads the body counts them. */
  readonly maxBytes: number
  /** What the body, or its reader, ends with where it is larger. */
  readonly tooLarge: () => Error
  readonly signal?: AbortSignal
}

/** An answer as it begins. */
export interface Answer {
  readonly status: number
  header(name: string): string | undefined
  /** Decompressed; comes no faster than it is read. */
  readonly body: NodeJS.ReadableStream
  /** So many bytes of the body were read. */
  taken(bytes: number): void
  /** Nobody reads what may still come. */
  end(): void
}

/** How a client proves who it is and whom it trusts, PEM. */
export interface Identity {
  readonly ca?: string[]
  readonly cert?: string
  readonly key?: string
}

/** Connections to one host at a time. */
export const maxSockets = 24

/** One agent an identity: reading hundreds of certificates anew for each connection took most of a listing's time. */
export function byIdentity<Agent>(make: (identity: Identity) => Agent): (identity: Identity) => Agent {
  const agents = new Map<string, Agent>()
  return (identity) => {
    const known = JSON.stringify([identity.cert, identity.key])
    const agent = agents.get(known) ?? make(identity)
    agents.set(known, agent)
    return agent
  }
}
