declare module '@npmcli/config' {
  export default class Config {
    constructor(options: {
      npmPath: string
      definitions: unknown
      shorthands: unknown
      flatten: unknown
      nerfDarts: unknown
      argv: readonly string[]
      env: Record<string, string | undefined>
      cwd: string
      execPath: string
      warn: boolean
    })
    load(): Promise<void>
    get(key: string): unknown
    /** Options as npm's own libraries take them, credentials by registry included. */
    readonly flat: Record<string, unknown>
  }
}

declare module '@npmcli/config/lib/definitions/index.js' {
  const all: {
    readonly definitions: Record<string, { readonly default: unknown }>
    readonly shorthands: unknown
    readonly flatten: unknown
    readonly nerfDarts: unknown
  }
  export default all
}

declare module 'npm-registry-fetch/lib/auth.js' {
  export default function getAuth(
    uri: string,
    options: Readonly<Record<string, unknown>>,
  ): {
    readonly token: string | null
    readonly auth: string | null
    readonly cert: string | null
    readonly key: string | null
  }
}

declare module '@npmcli/agent' {
  import type { Agent } from 'node:http'
  import type { SecureContextOptions } from 'node:tls'
  /** The one that there is already for these options, else a new one; it goes through the proxy where there is one. */
  export function getAgent(
    url: string,
    options: SecureContextOptions & {
      readonly rejectUnauthorized: boolean
      /** Of a connection that is made, ms. */
      readonly timeout: number
      readonly maxSockets: number
      readonly proxy?: string
      readonly noProxy?: string
      readonly localAddress?: string
    },
  ): Agent
}
