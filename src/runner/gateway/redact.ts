const keyShape = /\bsk-[A-Za-z0-9_-]{4,}|\bBearer\s+[^\s"',;]+/g

/** Base64 of a secret inside a longer text begins at any of three offsets; the part that stays the same of each. */
function base64Cores(secret: string): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), Buffer.from(secret)]).toString('base64')
    return text.replace(/=+$/, '').slice(shift === 0 ? 0 : shift + 1, -1)
  })
}

function spellings(secret: string): string[] {
  const hex = Buffer.from(secret).toString('hex')
  const base64 = base64Cores(secret)
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))
  const all = [secret, encodeURIComponent(secret), hex, hex.toUpperCase(), ...base64, ...base64url]
  return all.filter((text) => text.length >= 6).sort((a, b) => b.length - a.length)
}

export type Redact = (text: string) => string

/** Takes the secrets out of a text, plain and in the usual encodings, and whatever else looks like a key. */
export function createRedact(secrets: readonly string[]): Redact {
  const known = secrets.filter((secret) => secret.length > 0).flatMap(spellings)
  return (text) =>
    known
      .reduce((rest, spelling) => rest.replaceAll(spelling, '[redacted]'), text)
      .replace(keyShape, '[redacted]')
}
