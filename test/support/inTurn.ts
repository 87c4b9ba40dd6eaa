type Case = (title: string, work: () => Promise<void>) => void

const today = Math.floor(Date.now() / 86_400_000)

/**
 * `it` for case `at` of several that are alike: they differ by a version, or come to rules that units hold by another
 * way. A build server has half an hour: there each day has its turn of one in `every`, and the others are listed as left
 * to another day. `npm test` runs all of them.
 */
export function inTurn(at: number, every: number): Case {
  if (process.env.DRYDOCK_TEST_BRIEF !== '1' || (at + today) % every === 0)
    return (title, work) => void it(title, work)
  return (title, work) => void it.skip(`${title} (another day's turn)`, work)
}
