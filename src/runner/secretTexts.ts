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
/** Documentation's own tokens: the word EXAMPLE, or hardly any variety. */
function isPlaceholder(token: string): boolean {
  return /example|xxxx|\*{3}/i.test(token) || new Set(token.slice(4)).size < 8
}

/** Whether a text holds a private key or the shape of a known token, placeholders apart. */
export function holdsSecret(text: string): boolean {
  return privateKey.test(text) || holdsToken(text)
}

/** Whether a text holds the shape of a token that some service knows, placeholders apart. */
export function holdsToken(text: string): boolean {
  return tokens.some((token) => [...text.matchAll(token)].some(([found]) => !isPlaceholder(found)))
}
