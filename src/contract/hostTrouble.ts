/** Why a code host did not do what it was asked. */
export type HostTroubleKind =
  | 'unreachable'
  | 'silent'
  | 'unavailable'
  | 'rate-limit'
  | 'secondary-limit'
  | 'token'
  | 'sign-on'
  | 'permission'
  | 'missing'
  | 'archived'
  | 'blocked'
  | 'protected'
  | 'invalid'
  | 'version'
  | 'moved'
  | 'garbled'

export interface HostTrouble {
  readonly kind: HostTroubleKind
  /** `GitHub`, or the name of a server. */
  readonly host: string
  readonly status?: number
  /** The host's own words, one line. */
  readonly said?: string
  /** When it will serve again, UTC. */
  readonly until?: string
  /** Where a person can settle it; an address of the host. */
  readonly url?: string
  /** What the token lacks, in the host's words. */
  readonly needs?: string
}

/** What happened, as the end of a sentence: the stop is the sentence's. */
export function troubleReason({ kind, host, status, said, until }: HostTrouble): string {
  const words = said === undefined || said === '' ? '' : `, ${said.replace(/\.$/, '')}`
  const answered =
    status === undefined ? `${host} did not serve it${words}` : `the host answered ${status}${words}`
  switch (kind) {
    case 'unreachable':
      return `the host could not be reached${words}`
    case 'silent':
      return `the host did not answer${words}`
    case 'garbled':
      return `its answer is none that such an interface gives${words}`
    case 'moved':
      return `its answer leads to another host${words}`
    case 'rate-limit':
    case 'secondary-limit':
      return `${answered}${until === undefined ? '' : `; it serves again at ${until}`}`
    default:
      return answered
  }
}

/** What a person can do. `again` is the command to run once more, `byHand` what is left where nothing helps. */
export function troubleAdvice(trouble: HostTrouble, again: string, byHand: string): string {
  const { kind, host, url, needs } = trouble
  const or = byHand === '' ? '' : `, or ${byHand}`
  switch (kind) {
    case 'token':
      return `The token is wrong, has expired or was revoked. Sign in again or make a new one, then run ${again}.`
    case 'sign-on':
      return `The organisation demands single sign-on. Authorise the token${url === undefined ? ' in your account’s settings' : ` at ${url}`}, then run ${again}.`
    case 'permission':
      return `Check that the token may do this there${needs === undefined ? '' : ` (it needs ${needs})`}, then run ${again}${or}.`
    case 'missing':
      return `Check that the repository is still there and that the token may see it, then run ${again}${or}.`
    case 'archived':
      return 'The repository is archived: nobody can change it. Ask its owner to take it out of the archive.'
    case 'blocked':
      return `${host} has closed the repository. Its owner can ask ${host} why.`
    case 'protected':
      return `A rule of the repository refuses it. Ask somebody who may change its rules${or}.`
    case 'invalid':
      return byHand === '' ? `See what ${host} says of it.` : `${capital(byHand)}.`
    case 'version':
      return `Update the server, or ${byHand === '' ? 'leave it out' : byHand}.`
    case 'moved':
      return `Check the remote's address and the setting of the server's, then run ${again}${or}.`
    case 'garbled':
      return `Check the address of its interface and the proxy: a sign-in page may stand before it. Then run ${again}${or}.`
    case 'rate-limit':
    case 'secondary-limit':
      return `Wait until then. ${capital(`run ${again}`)}${or}.`
    default:
      return `Run ${again}${or}.`
  }
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
