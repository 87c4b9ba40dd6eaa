import { errors } from 'undici';

/** What became of each delivery, the last one first. */
export class Ledger {
  #entries = [];

  delivered(target, status, tries) {
    this.#entries.unshift({ target, ok: true, status, tries });
  }

  failed(target, error) {
    if (error instanceof errors.ResponseStatusCodeError) {
      this.#entries.unshift({ target, ok: false, status: error.statusCode, reason: reasonOf(error.body) });
      return;
    }
    this.#entries.unshift({ target, ok: false, status: 0, reason: error.code ?? error.message });
  }

  entries() {
    return [...this.#entries];
  }
}

function reasonOf(body) {
  if (body && typeof body === 'object') return body.error ?? JSON.stringify(body);
  return body || 'no reason given';
}
