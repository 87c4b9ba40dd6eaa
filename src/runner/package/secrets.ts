import type { TreeEntry } from '../git/repository.ts'
import { holdsSecret, holdsToken } from '../secretTexts.ts'

const secretNames =
  /^(\.env(\..+)?|.*\.(pem|p12|pfx|jks|keystore|ppk|kdbx)|id_(rsa|dsa|ecdsa|ed25519)|\.(netrc|git-credentials|pgpass|htpasswd|pypirc|dockercfg)|_netrc|(google-)?credentials(\.json|\.ya?ml|\.ini|\.xml)?|(client_secret|service-?account).*\.json|kubeconfig)$/i
const secretPaths =
  /(^|\/)(\.aws\/(credentials|config)|\.docker\/config\.json|\.kube\/config|\.ssh\/(?!.*\.pub$).+|\.gnupg\/.+)$/i
const templates = /\.(example|sample|template|tmpl|dist|defaults?|schema)(\.|$)/i

/** Whether a file's name alone says that it holds a secret. */
export function secretByName(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (secretNames.test(name) && !templates.test(name)) || secretPaths.test(path)
}

/** Fixed strings of which every secret below holds one: what a fast search looks for first. */
export const secretHints = [
  ...['PRIVATE KEY', 'AKIA', 'ASIA', 'ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_', 'glpat-', 'xox'],
  ...[
    'sk-ant-',
    'sk-proj-',
    'AIza',
    'npm_',
    'k_live_',
    'pypi-AgE',
    'SG.',
    '_authToken',
    '_password',
    '_auth',
  ],
  ...['npmAuthToken', 'npmAuthIdent'],
]

const registryCredential =
  /^[^#;\n]*(?:_authToken|_password|_auth|npmAuthToken|npmAuthIdent)["']?\s*[=:]\s*(?!["']?\$\{)\S/m

function holdsCredential(path: string, text: string): boolean {
  return /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml)$/.test(path) && registryCredential.test(text)
}

/** Whether a text holds a private key or the shape of a known token, placeholders apart. */
export function secretByContent(path: string, text: string): boolean {
  return holdsCredential(path, text) || holdsSecret(text)
}

const armoured = /^-----BEGIN ([A-Z0-9 ]+)-----/gm

/** A file whose name stands for keys, and that holds public ones or certificates alone (RFC 7468). */
export function isPublicKey(path: string, text: string): boolean {
  if (!/\.pem$/i.test(path)) return false
  const labels = [...text.matchAll(armoured)].map(([, label = '']) => label)
  return (
    labels.length > 0 &&
    labels.every((label) => /PUBLIC KEY$|CERTIFICATE(?: REQUEST)?$|^X509 CRL$/.test(label))
  )
}

const tests =
  /(^|\/)(tests?|__tests__|__fixtures__|__mocks__|specs?|fixtures?|test-?(data|fixtures|resources)|e2e|testing)\//i

/** What a project made for its tests and committed for them: a key or a file of settings that no service knows. */
export function isForTests(path: string, text: string): boolean {
  return tests.test(path) && !holdsCredential(path, text) && !holdsToken(text)
}

/** Files above this are not searched by content. */
export const searchedBytes = 4 * 1024 * 1024

export function isSearched(entry: TreeEntry): boolean {
  return (entry.mode === '100644' || entry.mode === '100755') && entry.size <= searchedBytes
}
