import { type ExchangePart, exchangeParts } from '../../contract/exchange.ts'
import { toFailure } from '../../contract/failure.ts'
import { bounded } from '../../contract/text.ts'
import { readExchange } from '../../store/exchange.ts'

/** Longest text of a part that the panel gets, characters; the editor shows it whole. */
const maxText = 20_000

/** A request and its reply for the panel; what cannot be read is said in their place. */
export async function shownExchange(
  artifact: (digest: string) => Promise<Uint8Array>,
  digest: string,
): Promise<{ readonly parts: ExchangePart[]; readonly problem?: string }> {
  try {
    const parts = exchangeParts(await readExchange(artifact, digest))
    return { parts: parts.map(({ title, text }) => ({ title, text: bounded(text, maxText) })) }
  } catch (error) {
    const { message, detail } = toFailure(error)
    return { parts: [], problem: detail ?? message }
  }
}
