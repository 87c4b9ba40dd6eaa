export function toOwn(uri: string): string {
  return uri.startsWith('harbour:') ? `/harbours/${uri.slice(8)}` : uri
}
