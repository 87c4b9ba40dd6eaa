import { type Disposable, StatusBarAlignment, window } from 'vscode'
import { isHere } from './here.ts'
import type { SessionStore } from './sessions/sessionStore.ts'
import { groupOf } from './sessions/sessionText.ts'

/** How many sessions of the open repositories run and how many wait for a person; nothing is shown where there are none. */
export function createStatusBar(store: SessionStore): Disposable {
  const item = window.createStatusBarItem('drydock.status', StatusBarAlignment.Left, 0)
  item.name = 'Drydock'
  item.command = 'drydock.showSessions'
  const draw = (): void => {
    const groups = store.list().filter(isHere).map(groupOf)
    const running = groups.filter((group) => group === 'running').length
    const waiting = groups.filter((group) => group === 'waiting').length
    if (running + waiting === 0) {
      item.hide()
      return
    }
    item.text = [
      running > 0 ? `$(sync~spin) ${running} running` : '',
      waiting > 0 ? `$(eye) ${waiting} to review` : '',
    ]
      .filter(Boolean)
      .join('  ')
    item.tooltip = 'Drydock: show sessions'
    item.accessibilityInformation = { label: `Drydock: ${running} running, ${waiting} to review` }
    item.show()
  }
  const listening = store.onDidChange(draw)
  draw()
  return {
    dispose() {
      listening.dispose()
      item.dispose()
    },
  }
}
