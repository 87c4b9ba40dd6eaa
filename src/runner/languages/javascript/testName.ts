/** A test that is a whole file, by its path. */
export function isFile(test: string): boolean {
  return /^[^\s›]+\.[cm]?[jt]sx?$/.test(test)
}
