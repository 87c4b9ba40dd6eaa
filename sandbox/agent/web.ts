/*
 * What the SDK uses of the web's classes. The bundler puts these in place of Node's own, whose first use loads all of
 * undici: 40 ms of a processor before the first request, for a client whose requests never leave this process as HTTP.
 */

/** Names without regard to case; a name that is appended again is a list. */
class SmallHeaders extends Map<string, string> {
  constructor(entries: Iterable<readonly [string, string]> | Readonly<Record<string, string>> = []) {
    super()
    const pairs = Symbol.iterator in entries ? entries : Object.entries(entries)
    for (const [name, value] of pairs) this.append(name, value)
  }

  append(name: string, value: string): void {
    const before = this.get(name)
    this.set(name, before === undefined ? value : `${before}, ${value}`)
  }

  override get(name: string): string | undefined {
    return super.get(name.toLowerCase())
  }

  override has(name: string): boolean {
    return super.has(name.toLowerCase())
  }

  override set(name: string, value: string): this {
    return super.set(name.toLowerCase(), String(value))
  }

  override delete(name: string): boolean {
    return super.delete(name.toLowerCase())
  }
}

/** An answer that is there as a whole. */
class SmallResponse {
  readonly body = null
  readonly url = ''
  readonly status: number
  readonly ok: boolean
  readonly headers: SmallHeaders
  readonly #text: string

  constructor(
    text: string,
    { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> },
  ) {
    this.#text = text
    this.status = status
    this.ok = status >= 200 && status < 300
    this.headers = new SmallHeaders(headers)
  }

  async text(): Promise<string> {
    return this.#text
  }

  async json(): Promise<unknown> {
    return JSON.parse(this.#text)
  }
}

/** Nothing here is one. */
class NoFormData {}

export { NoFormData as FormData, SmallHeaders as Headers, SmallResponse as Response }
