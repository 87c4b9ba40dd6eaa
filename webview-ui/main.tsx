import '@vscode-elements/elements/dist/vscode-badge/index.js'
import '@vscode-elements/elements/dist/vscode-button/index.js'
import '@vscode-elements/elements/dist/vscode-checkbox/index.js'
import './style/unseen.css'
import './style/page.css'
import './style/diff.css'
import { render } from 'preact'
import { config } from 'zod'
import { type KeptState, readKept } from './model/kept.ts'
import { App } from './parts/app.tsx'

interface VsCode {
  postMessage(message: unknown): void
  getState(): unknown
  setState(state: KeptState): void
}

declare function acquireVsCodeApi(): VsCode

// Compiled parsers are code from text, which the page's policy forbids.
config({ jitless: true })

const vscode = acquireVsCodeApi()
const root = document.getElementById('root')
if (root !== null) {
  render(
    <App
      send={(message) => vscode.postMessage(message)}
      kept={readKept(vscode.getState())}
      keep={(state) => vscode.setState(state)}
    />,
    root,
  )
}
