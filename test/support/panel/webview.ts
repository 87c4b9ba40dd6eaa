import type { Theme } from './themes.ts'

/** Runs in the page before anything else: what VS Code gives a webview. It stands alone: it goes there as text. */
export function webview({ kind, colors }: Theme): void {
  const given = globalThis as unknown as Record<string, unknown> & { toHost(message: unknown): void }
  given.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => given.toHost(message),
    getState: () => JSON.parse(sessionStorage.getItem(`state:${location.pathname}`) ?? 'null'),
    setState: (state: unknown) => sessionStorage.setItem(`state:${location.pathname}`, JSON.stringify(state)),
  })
  document.addEventListener('DOMContentLoaded', () => {
    document.body.className = kind
    for (const [name, value] of Object.entries(colors))
      document.documentElement.style.setProperty(`--vscode-${name}`, value)
  })
}
