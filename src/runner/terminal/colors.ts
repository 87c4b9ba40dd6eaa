import picocolors from 'picocolors'

export type Colors = ReturnType<typeof picocolors.createColors>

/** Colours for a terminal; plain text for a pipe. */
export function colors(enabled: boolean): Colors {
  return picocolors.createColors(enabled)
}
