import type { Locator, Page } from 'playwright-core'

/**
 * What a person waits for: ms from the press of the mouse that `act` makes in the window until `drawn` is there and
 * the page that it is in has drawn twice. Both ends are told by the browser's own clock.
 */
export async function fromPress(page: Page, act: () => Promise<void>, drawn: Locator): Promise<number> {
  await page.evaluate(() => {
    const note = ({ timeStamp }: Event): void => {
      document.documentElement.dataset.pressedAt = `${performance.timeOrigin + timeStamp}`
    }
    addEventListener('pointerdown', note, { capture: true, once: true })
  })
  await act()
  await drawn.waitFor()
  const drawnAt = await drawn.evaluate(
    () =>
      new Promise<number>((done) => {
        const now = () => done(performance.timeOrigin + performance.now())
        requestAnimationFrame(() => requestAnimationFrame(now))
      }),
  )
  return drawnAt - (await page.evaluate(() => Number(document.documentElement.dataset.pressedAt)))
}

/** Until the window has nothing to do: ten times in a row it is idle for as long as a browser promises at most. */
export async function quiet(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        const look = (times: number): void => {
          requestIdleCallback((deadline) => {
            const next = deadline.timeRemaining() > 40 ? times + 1 : 0
            if (next === 10) done()
            else look(next)
          })
        }
        look(0)
      }),
  )
}
