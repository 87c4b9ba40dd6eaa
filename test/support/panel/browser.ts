import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { contentSecurityPolicy } from '../../../src/contract/shownText.ts'
import { pageHtml } from '../../../src/extension/review/page.ts'

const root = resolve(import.meta.dirname, '../../..')

/** A browser, and a server that gives it the review panel's page as a webview would load it. */
export interface PanelBrowser extends AsyncDisposable {
  readonly browser: Browser
  readonly url: string
}

export async function openPanelBrowser(): Promise<PanelBrowser> {
  const server = await serve()
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
    ],
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const close = async () => {
    await browser.close()
    server.close()
  }
  return { browser, url, [Symbol.asyncDispose]: close }
}

async function serve(): Promise<Server> {
  const pages = new Map([
    ['/', await parts('review')],
    ['/statistics', await parts('statistics')],
    ['/campaign', await parts('campaign')],
  ])
  const server = createServer((request, response) => {
    const page = pages.get(request.url ?? '')
    if (page === undefined) return void response.writeHead(404).end()
    const nonce = randomBytes(16).toString('base64url')
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.setHeader('content-security-policy', contentSecurityPolicy(nonce))
    response.end(pageHtml({ ...page, nonce }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

async function parts(name: 'review' | 'statistics' | 'campaign') {
  const [script = '', style = ''] = await Promise.all(
    ['js', 'css'].map((kind) => readFile(resolve(root, `dist/webview/${name}.${kind}`), 'utf8')),
  )
  return { script, style }
}

/** Bundles the pages as they are shipped. */
export async function bundlePanel(): Promise<void> {
  await promisify(execFile)(process.execPath, [resolve(root, 'esbuild.mjs'), '--webview'])
}
