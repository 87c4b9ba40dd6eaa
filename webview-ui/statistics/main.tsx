import 'uplot/dist/uPlot.min.css'
import '../style/unseen.css'
import '../style/figures.css'
import { render } from 'preact'
import type { StatisticsMessage } from '../../src/contract/statistics/dashboard.ts'
import { Page } from './page.tsx'

interface VsCode {
  postMessage(message: StatisticsMessage): void
}

declare function acquireVsCodeApi(): VsCode

const vscode = acquireVsCodeApi()
const root = document.getElementById('root')
if (root !== null) render(<Page send={(message) => vscode.postMessage(message)} />, root)
