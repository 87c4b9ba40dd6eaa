import type { Warning } from '../../../../contract/verdict.ts'
import type { LockedPackage } from '../locks/lock.ts'

/**
 * What install scripts would fetch past the registry, by package, and the variables by which each is told not to: they
 * have no network, and would fail where they could go without.
 */
const skipped: readonly { readonly packages: RegExp; readonly env: Readonly<Record<string, string>> }[] = [
  {
    packages: /^puppeteer$/,
    env: {
      PUPPETEER_SKIP_DOWNLOAD: 'true',
      PUPPETEER_SKIP_CHROMIUM_DOWNLOAD: 'true',
      PUPPETEER_SKIP_CHROME_DOWNLOAD: 'true',
      PUPPETEER_SKIP_CHROME_HEADLESS_SHELL_DOWNLOAD: 'true',
    },
  },
  { packages: /^cypress$/, env: { CYPRESS_INSTALL_BINARY: '0' } },
  {
    packages: /^(playwright(-chromium|-firefox|-webkit)?|@playwright\/(test|browser-.+))$/,
    env: { PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  },
  { packages: /^electron(-nightly)?$/, env: { ELECTRON_SKIP_BINARY_DOWNLOAD: '1' } },
  {
    packages: /^(electron-)?chromedriver$/,
    env: { CHROMEDRIVER_SKIP_DOWNLOAD: 'true', ELECTRON_CHROMEDRIVER_SKIP_BINARY_DOWNLOAD: '1' },
  },
  { packages: /^geckodriver$/, env: { GECKODRIVER_SKIP_DOWNLOAD: 'true' } },
  { packages: /^(ms)?edgedriver$/, env: { EDGEDRIVER_SKIP_DOWNLOAD: 'true' } },
  { packages: /^@sentry\/cli$/, env: { SENTRYCLI_SKIP_DOWNLOAD: '1', SENTRY_SKIP_BINARY_INSTALL: '1' } },
]

/** Told to every install script; none of these is missed by a check. */
export const quietScripts: Readonly<Record<string, string>> = {
  ...Object.assign({}, ...skipped.map(({ env }) => env)),
  HUSKY: '0',
  HUSKY_SKIP_INSTALL: '1',
  HUSKY_SKIP_HOOKS: '1',
  LEFTHOOK: '0',
  SKIP_INSTALL_SIMPLE_GIT_HOOKS: '1',
  SKIP_SIMPLE_GIT_HOOKS: '1',
  // Banners of core-js and others.
  ADBLOCK: '1',
  DISABLE_OPENCOLLECTIVE: '1',
  OPENCOLLECTIVE_HIDE: '1',
  SCARF_ANALYTICS: 'false',
  NEXT_TELEMETRY_DISABLED: '1',
}

/** One notice for the project, where the lock file names any of them. */
export function downloadWarnings(packages: readonly LockedPackage[]): Warning[] {
  const names = packages.filter(({ name, local }) => !local && skipped.some((one) => one.packages.test(name)))
  const unique = [...new Set(names.map(({ name }) => name))].sort()
  if (unique.length === 0) return []
  return [
    {
      code: 'downloads-skipped',
      message: `What ${unique.join(', ')} would download while being installed was left out: install scripts have no network. Tests that need it will fail on the base as well.`,
      severity: 'notice',
    },
  ]
}
