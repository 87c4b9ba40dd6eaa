/** Fires where nothing was asked for a while; a request that is being answered is not silence. */
export interface Watch {
  readonly signal: AbortSignal
  readonly onActivity: (busy: boolean) => void
  close(): void
}

export function createWatch(silenceMs: number): Watch {
  const controller = new AbortController()
  let busy = 0
  const timer = setTimeout(() => {
    if (busy === 0) controller.abort()
    else timer.refresh()
  }, silenceMs)
  return {
    signal: controller.signal,
    onActivity(begins) {
      busy += begins ? 1 : -1
      timer.refresh()
    },
    close: () => clearTimeout(timer),
  }
}
