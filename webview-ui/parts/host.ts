import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { MessageToHost } from '../../src/contract/webviewMessages.ts'

export type Send = (message: MessageToHost) => void

/** How parts of the page ask the extension for something. */
export const Host = createContext<Send>(() => {})

export function useHost(): Send {
  return useContext(Host)
}
