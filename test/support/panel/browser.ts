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
  const script = await readFile(resolve(root, 'dist/webview/review.js'))
  const style = await readFile(resolve(root, 'dist/webview/review.css'))
  const server = createServer((request, response) => {
    const source = `http://${request.headers.host}`
    if (request.url === '/review.js') response.setHeader('content-type', 'text/javascript').end(script)
    else if (request.url === '/review.css') response.setHeader('content-type', 'text/css').end(style)
    else if (request.url !== '/') response.writeHead(404).end()
    else {
      const nonce = randomBytes(16).toString('base64url')
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.setHeader('content-security-policy', contentSecurityPolicy(nonce, source))
      response.end(pageHtml({ script: '/review.js', style: '/review.css', source, nonce }))
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

/** Bundles the page as it is shipped. */
export async function bundlePanel(): Promise<void> {
  await promisify(execFile)(process.execPath, [resolve(root, 'esbuild.mjs'), '--webview'])
}
