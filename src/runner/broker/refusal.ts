import type { Failure } from '../../contract/failure.ts'
import { failures } from '../../contract/failures.ts'

/** The broker's answer where it does not serve a request; `failure` is what a person sees. */
export class Refusal extends Error {
  readonly status: number
  readonly failure: Failure
  /** What the registry does not have: `name` or `name@version`. */
  readonly gone: { readonly subject: string; readonly host: string } | undefined

  constructor(status: number, failure: Failure, gone?: { readonly subject: string; readonly host: string }) {
    super(failure.message)
    this.name = 'Refusal'
    this.status = status
    this.failure = failure
    this.gone = gone
  }
}

export const refusals = {
  method: (method: string) =>
    new Refusal(
      405,
      failures.brokerRefused(`a ${method.slice(0, 20)} request: packages are only read`).failure,
    ),
  body: () => new Refusal(400, failures.brokerRefused('a request with a body').failure),
  target: (why: string) => new Refusal(400, failures.brokerRefused(why).failure),
  upstream: (name: string) => new Refusal(403, failures.registryNotAllowed(name.slice(0, 100)).failure),
  redirect: (host: string) => new Refusal(403, failures.registryRedirected(host).failure),
  denied: (subject: string) => new Refusal(403, failures.packageDenied(subject).failure),
  tooLarge: (subject: string, limit: number) =>
    new Refusal(502, failures.registryAnswerTooLarge(subject, limit).failure),
  integrity: (subject: string, expected: string) =>
    new Refusal(502, failures.integrityMismatch(subject, expected).failure),
  unreachable: (host: string, detail: string) =>
    new Refusal(502, failures.registryUnreachable(host, detail).failure),
  garbled: (host: string, subject: string) =>
    new Refusal(502, failures.registryGarbled(host, subject).failure),
  /** `subject` is `name` or `name@version`. */
  gone: (status: number, subject: string, host: string) =>
    new Refusal(status, failures.packageGone(subject, host).failure, { subject, host }),
  /** What the registry itself answered, such as 404 or 401; what is neither an error nor of use is a bad gateway's. */
  answered: (answered: number, subject: string, host: string) => {
    const status = answered >= 400 && answered < 600 ? answered : 502
    return new Refusal(status, failures.registryAnswered(status, subject, host).failure)
  },
} as const
