const form = /^(?<name>[\w.-]+:[\w.-]+)(?:[:@](?<requested>[\w.+~-]+))?$/

/** `group:artifact[:version]`, where `@` will do, too. */
export function readSpec(spec: string): { readonly package: string; readonly requested: string } | undefined {
  const { name, requested = 'latest' } = form.exec(spec)?.groups ?? {}
  return name === undefined ? undefined : { package: name, requested }
}
