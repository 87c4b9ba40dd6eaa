const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is nothing of that name',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it is no folder, or one of those above it is none',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
}

/** Why a file or folder cannot be read, on one line and without the name of a system's call. */
export function fileTrouble(error: unknown): string {
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { message: String(error) }
  const known = code === undefined ? undefined : words[code]
  return known ?? message.replaceAll('\n', ' ')
}
