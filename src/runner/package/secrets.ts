import type { TreeEntry } from '../git/repository.ts'

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

const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\[rn]|\s)+(?:[A-Za-z-]+: .*\s+)*[A-Za-z0-9+/=]{32}/
const tokens = [
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{36,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{60,}/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bxox[abeoprs]-[0-9A-Za-z-]{20,}/g,
  /\bsk-(?:ant|proj)-[A-Za-z0-9_-]{30,}/g,
  /\bAIza[0-9A-Za-z_-]{35}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\b[rs]k_live_[0-9a-zA-Z]{20,}/g,
  /\bpypi-AgE[A-Za-z0-9_-]{40,}/g,
  /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/g,
]
const registryCredential =
  /^[^#;\n]*(?:_authToken|_password|_auth|npmAuthToken|npmAuthIdent)["']?\s*[=:]\s*(?!["']?\$\{)\S/m

/** Whether a text holds a private key or the shape of a known token, placeholders apart. */
export function secretByContent(path: string, text: string): boolean {
  if (privateKey.test(text)) return true
  if (/(^|\/)\.(npmrc|yarnrc|yarnrc\.yml)$/.test(path) && registryCredential.test(text)) return true
  return tokens.some((token) => [...text.matchAll(token)].some(([found]) => !isPlaceholder(found)))
}

/** Documentation's own tokens: the word EXAMPLE, or hardly any variety. */
function isPlaceholder(token: string): boolean {
  return /example|xxxx|\*{3}/i.test(token) || new Set(token.slice(4)).size < 8
}

/** Files above this are not searched by content. */
export const searchedBytes = 4 * 1024 * 1024

export function isSearched(entry: TreeEntry): boolean {
  return (entry.mode === '100644' || entry.mode === '100755') && entry.size <= searchedBytes
}
