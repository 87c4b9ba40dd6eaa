import { createHash } from 'node:crypto'
import type { CampaignReport, Cause, ReportRow } from '../../contract/fleet/report.ts'
import {
  burnChart,
  burnLine,
  burnWords,
  carriedLines,
  minute,
  progressLine,
  spendingLine,
} from '../../contract/fleet/reportWords.ts'
import { money } from '../../contract/money.ts'
import { shownName } from '../../contract/shownText.ts'
import { reportStyle } from './style.ts'

/** Markup of ours; text of others gets into it by `html` alone, which escapes it. */
class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = string | number | Markup | readonly Part[]

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function shown(part: Part): string {
  if (part instanceof Markup) return part.text
  if (Array.isArray(part)) return part.map(shown).join('')
  return shownName(String(part)).replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}

function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(String.raw({ raw: strings }, ...parts.map(shown)))
}

const nothing = new Markup('')

/**
 * A campaign's report as one file that loads nothing, runs nothing and may be sent to anybody: no script, one style,
 * known by its hash. Whatever comes from elsewhere is text; a pull request is linked where its address is one of the web.
 */
export function reportHtml(report: CampaignReport): string {
  const { name, task, stage, waitsFor } = report
  const hash = createHash('sha256').update(reportStyle).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Campaign ${name}</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<main>
<h1>${name}</h1>
<p class="task">${task}</p>
<p class="facts"><span>Stage: <strong>${stage}</strong></span><span>${progressLine(report)}</span><span>As of ${minute(report.updatedAt)}</span></p>
${waitsFor === null ? nothing : html`<p class="waits">Waits for ${waitsFor}</p>`}
${outcomes(report)}
${caps(report)}
${carried(report)}
${burnDown(report)}
${causes(report.causes)}
${notReached(report)}
${repositories(report.rows)}
</main>
</body>
</html>
`
  return page.text
}

function outcomes({ outcomes, repositories }: CampaignReport): Markup {
  if (outcomes.length === 0) return html`<p>No repository.</p>`
  const rows = outcomes.map(({ state, tone, count }) => {
    const share = html`<svg class="share ${tone}" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${((100 * count) / repositories).toFixed(2)}" height="8"></rect></svg>`
    return html`<tr><th scope="row"><span class="dot ${tone}" aria-hidden="true"></span>${state}</th><td class="number">${count}</td><td class="wide">${share}</td></tr>`
  })
  return html`<section><h2>Outcomes</h2><table class="outcomes"><tbody>${rows}</tbody></table></section>`
}

function carried({ carried }: CampaignReport): Markup {
  if (carried === null) return nothing
  const lines = carriedLines(carried).map((line) => html`<p>${line}</p>`)
  return html`<section><h2>How far the codemod carried</h2>${lines}</section>`
}

function burnDown(report: CampaignReport): Markup {
  const line = burnLine(report)
  if (line === undefined) return nothing
  const { width, height, left, bottom, top } = burnChart
  const { burnDown, updatedAt, repositories } = report
  return html`<section><h2>Burn-down</h2>
<svg class="burn" viewBox="0 0 ${width} ${height}" role="img" aria-label="${burnWords(report)}">
<path class="axis" d="M${left} ${top}V${height - bottom}H${width}"></path>
<text x="${left - 6}" y="${top + 8}" class="end">${repositories}</text><text x="${left - 6}" y="${height - bottom}" class="end">0</text>
<text x="${left}" y="${height - 4}">${minute(burnDown[0]?.time ?? updatedAt)}</text><text x="${width}" y="${height - 4}" class="end">${minute(updatedAt)}</text>
<path class="line" d="${line}"></path>
</svg></section>`
}

function caps({ spending }: CampaignReport): Markup {
  if (spending.length === 0) return nothing
  const lines = spending.map((one) => html`<p>${spendingLine(one)}</p>`)
  return html`<section><h2>Caps</h2>${lines}</section>`
}

function causes(causes: readonly Cause[]): Markup {
  if (causes.length === 0) return nothing
  const rows = causes.map(
    ({ cause, repositories, example, next }) =>
      html`<tr><th scope="row"><code>${cause}</code></th><td class="number">${repositories.length}</td><td class="wide">${example}${next === null ? nothing : html`<br><span class="muted">Next: ${next}</span>`}<br><span class="muted">${repositories.slice(0, 20).join(', ')}${repositories.length > 20 ? ` and ${repositories.length - 20} more` : ''}</span></td></tr>`,
  )
  return html`<section><h2>Failures by cause</h2><table><tbody>${rows}</tbody></table></section>`
}

function notReached({ unreachable }: CampaignReport): Markup {
  if (unreachable.length === 0) return nothing
  const rows = unreachable.map(
    ({ place, why }) => html`<tr><th scope="row"><code>${place}</code></th><td class="wide">${why}</td></tr>`,
  )
  return html`<section><h2>Not reached</h2><table><tbody>${rows}</tbody></table></section>`
}

function repositories(rows: readonly ReportRow[]): Markup {
  if (rows.length === 0) return nothing
  const head = ['repository', 'state', 'change by', 'cost', 'session', 'pull request, or why']
  return html`<section><h2>Repositories</h2><div class="scroll"><table class="repositories"><thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows.map(rowOf)}</tbody></table></div></section>`
}

function rowOf({ repository, state, tone, canary, means, costUsd, session, url, reason }: ReportRow): Markup {
  const where =
    url === null
      ? html`<span class="muted">${reason}</span>`
      : html`<a href="${url}" rel="noreferrer noopener">${url}</a>`
  return html`<tr><th scope="row">${repository}</th><td><span class="dot ${tone}" aria-hidden="true"></span>${state}${canary ? html` <span class="muted">canary</span>` : nothing}</td><td>${means ?? ''}</td><td class="number">${money(costUsd)}</td><td><code>${session ?? ''}</code></td><td class="wide">${where}</td></tr>
`
}
