import { commands, type Disposable, window } from 'vscode'

/** What is there already, or done: a step of the walkthrough each. */
export type Step = 'engineReady' | 'hasKey' | 'signedIn' | 'hasSession'

export interface Walkthrough extends Disposable {
  tell(step: Step, done: boolean): void
}

/**
 * The editor ticks a step when its context key becomes true, and misses what became true before the first walkthrough
 * was opened in a window: until then it is told nothing.
 */
export function createWalkthrough(): Walkthrough {
  const known = new Map<Step, boolean>()
  let opened = false
  const pass = (step: Step): void =>
    void commands.executeCommand('setContext', `drydock.${step}`, known.get(step))
  const look = (): void => {
    // It is one of the tabs that say nothing of what they show.
    const isOpen = window.tabGroups.all.some(({ tabs }) => tabs.some(({ input }) => input === undefined))
    if (opened || !isOpen) return
    opened = true
    for (const step of known.keys()) pass(step)
  }
  const listening = window.tabGroups.onDidChangeTabs(look)
  look()
  return {
    tell(step, done) {
      known.set(step, done)
      if (opened) pass(step)
    },
    dispose: () => listening.dispose(),
  }
}
