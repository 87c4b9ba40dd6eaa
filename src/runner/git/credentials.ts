import type { Environment } from './program.ts'

const [user, password] = ['DRYDOCK_REMOTE_USER', 'DRYDOCK_REMOTE_PASSWORD']

/** What is called for them holds the names of variables alone, and nothing of it is kept by the user's own helpers. */
const asked = [
  ['credential.helper', ''],
  [
    'credential.helper',
    `!f() { test "$1" = get && printf 'username=%s\\npassword=%s\\n' "$${user}" "$${password}"; }; f`,
  ],
] as const

export interface Apart {
  /** The address alone. */
  readonly url: string
  /** How git comes by what stood in it: settings, and variables for its children. */
  readonly settings: readonly (readonly [string, string])[]
  readonly variables: Environment
}

/**
 * An address without the credentials that it carries: git hands the whole of it to another program as an argument, which
 * everybody on the machine can read.
 */
export function apart(url: string): Apart {
  const found = /^(https?:\/\/)([^/@:]*):([^/@]*)@(.*)$/i.exec(url)
  if (found === null) return { url, settings: [], variables: {} }
  const [, scheme = '', name = '', secret = '', rest = ''] = found
  return {
    url: `${scheme}${rest}`,
    settings: asked,
    variables: { [user]: decoded(name), [password]: decoded(secret) },
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
