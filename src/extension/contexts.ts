import { commands } from 'vscode'

/** What `when` clauses and the walkthrough's steps look at. */
export type ContextKey =
  | 'drydock.engineReady'
  | 'drydock.hasKey'
  | 'drydock.signedIn'
  | 'drydock.hasSession'
  | 'drydock.filtered'

export function setContext(key: ContextKey, value: boolean): void {
  void commands.executeCommand('setContext', key, value)
}
