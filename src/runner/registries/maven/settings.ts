import { child, childText, descend, type Element, each, parseXml } from '../../xml.ts'

export interface Server {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  /** Its password is encrypted with the user's master password, which only Maven itself reads. */
  readonly encrypted: boolean
}

export interface Mirror {
  readonly id: string
  readonly of: string
  readonly url: string
}

export interface Repository {
  readonly id: string
  readonly url: string
}

export interface Proxy {
  readonly url: string
  readonly noProxy?: string
}

/** What a `settings.xml` says that matters for reading from repositories. */
export interface MavenSettings {
  readonly servers: readonly Server[]
  readonly mirrors: readonly Mirror[]
  /** Of the profiles that are active. */
  readonly repositories: readonly Repository[]
  readonly proxy?: Proxy
}

type Env = Readonly<Record<string, string | undefined>>

/** Throws an `Error` where the text is not well-formed. */
export function readSettings(text: string, env: Env, home: string): MavenSettings {
  const root = parseXml(text.replace(/^\uFEFF/, ''))
  const fill = (value: string): string =>
    value.replace(/\$\{(?:env\.([\w.]+)|user\.home)\}/g, (_, name: string | undefined) =>
      name === undefined ? home : (env[name] ?? ''),
    )
  const read = (element: Element, name: string): string => fill(childText(element, name) ?? '')
  const proxy = each(child(root, 'proxies'), 'proxy').find((one) => childText(one, 'active') !== 'false')
  return {
    servers: each(child(root, 'servers'), 'server').map((one) => serverOf(one, read)),
    mirrors: each(child(root, 'mirrors'), 'mirror')
      .filter((one) => childText(one, 'blocked') !== 'true')
      .map((one) => ({ id: read(one, 'id'), of: read(one, 'mirrorOf'), url: read(one, 'url') })),
    repositories: activeProfiles(root).flatMap((profile) =>
      (['repositories', 'pluginRepositories'] as const).flatMap((list) =>
        each(child(profile, list), list === 'repositories' ? 'repository' : 'pluginRepository').map(
          (one) => ({ id: read(one, 'id'), url: read(one, 'url') }),
        ),
      ),
    ),
    ...(proxy === undefined ? {} : { proxy: proxyOf(proxy, read) }),
  }
}

type Read = (element: Element, name: string) => string

function serverOf(element: Element, read: Read): Server {
  const username = read(element, 'username')
  const password = read(element, 'password')
  const encrypted = /^\{.*\}$/.test(password)
  const properties = descend(element, 'configuration', 'httpHeaders')
  const headers = each(properties, 'property').map((one) => [
    read(one, 'name').toLowerCase(),
    read(one, 'value'),
  ])
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return {
    id: read(element, 'id'),
    encrypted,
    headers: {
      ...(username === '' || encrypted ? {} : { authorization: basic }),
      ...Object.fromEntries(headers),
    },
  }
}

function proxyOf(element: Element, read: Read): Proxy {
  const user = read(element, 'username')
  const login =
    user === '' ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(read(element, 'password'))}@`
  const port = read(element, 'port') || '8080'
  const none = read(element, 'nonProxyHosts')
  return {
    url: `http://${login}${read(element, 'host')}:${port}`,
    ...(none === '' ? {} : { noProxy: none.replaceAll('|', ',').replaceAll('*.', '.') }),
  }
}

function activeProfiles(root: Element): Element[] {
  const named = new Set(each(child(root, 'activeProfiles'), 'activeProfile').map(({ text }) => text))
  return each(child(root, 'profiles'), 'profile').filter(
    (one) =>
      named.has(childText(one, 'id') ?? '') ||
      childText(child(one, 'activation'), 'activeByDefault') === 'true',
  )
}

/** Whether a `mirrorOf` expression means a repository: `*`, `external:*`, `central`, `*,!internal`. */
export function mirrors(expression: string, repository: Repository): boolean {
  const local = /^(file:|https?:\/\/(localhost|127\.0\.0\.1)([:/]|$))/.test(repository.url)
  let matched = false
  for (const part of expression.split(',').map((one) => one.trim())) {
    if (part === `!${repository.id}`) return false
    if (part === repository.id || part === '*') matched = true
    if (part === 'external:*' && !local) matched = true
    if (part === 'external:http:*' && !local && repository.url.startsWith('http:')) matched = true
  }
  return matched
}
