import '../style/unseen.css'
import '../style/figures.css'
import './style.css'
import { render } from 'preact'
import type { CampaignAsked } from '../../src/contract/fleet/page.ts'
import { Page } from './page.tsx'

interface VsCode {
  postMessage(message: CampaignAsked): void
}

declare function acquireVsCodeApi(): VsCode

const vscode = acquireVsCodeApi()
const root = document.getElementById('root')
if (root !== null) render(<Page send={(message) => vscode.postMessage(message)} />, root)
