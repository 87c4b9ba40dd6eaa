interface Named {
  readonly id: string
  readonly file?: string | undefined
}

/** A result that stands for a whole file: one that could not be loaded, or a script without named tests. */
export function isFile({ id, file }: Named): boolean {
  return file !== undefined && id === file
}
