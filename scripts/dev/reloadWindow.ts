import { watch } from 'node:fs'
import { commands } from 'vscode'

/** Files of one build are written one after another, ms. */
const settledMs = 300

/* In builds of `npm run dev` alone: the window in which the extension is developed loads itself again with it. */

let settled: NodeJS.Timeout | undefined
watch(__dirname, () => {
  clearTimeout(settled)
  settled = setTimeout(() => void commands.executeCommand('workbench.action.reloadWindow'), settledMs)
}).unref()
