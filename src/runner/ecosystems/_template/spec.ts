/** `name`, `name@version`. */
export function readSpec(spec: string): { readonly package: string; readonly requested: string } | undefined {
  const { name, requested = 'latest' } =
    /^(?<name>[a-z][a-z0-9-]*)(?:@(?<requested>[^\s@]+))?$/.exec(spec)?.groups ?? {}
  return name === undefined ? undefined : { package: name, requested }
}
