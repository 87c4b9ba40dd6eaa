import { toFailure } from '../../contract/failure.ts'
import type { PullRequestPreview, PullRequestWording } from '../../contract/pullRequest.ts'
import type { MessageToPanel } from '../../contract/webviewMessages.ts'

export interface PreviewPorts {
  /** The pull request as it would be with this wording. Throws what is wrong with it. */
  readonly make: (wording: PullRequestWording) => Promise<PullRequestPreview>
  readonly post: (message: MessageToPanel) => void
}

interface Wish {
  readonly digest: string
  readonly wording: PullRequestWording
}

/** Pull requests as they will be, for somebody who types: one is made at a time, and of those that wait only the last. */
export class Previews {
  readonly #ports: PreviewPorts
  #next: Wish | undefined
  #works = false

  constructor(ports: PreviewPorts) {
    this.#ports = ports
  }

  async ask(wish: Wish): Promise<void> {
    this.#next = wish
    if (this.#works) return
    this.#works = true
    try {
      for (let now = this.#take(); now !== undefined; now = this.#take()) await this.#make(now)
    } finally {
      this.#works = false
    }
  }

  #take(): Wish | undefined {
    const taken = this.#next
    this.#next = undefined
    return taken
  }

  async #make({ digest, wording }: Wish): Promise<void> {
    const { make, post } = this.#ports
    const found = await make(wording).then(
      (preview) => ({ preview }),
      (error: unknown) => ({ failure: toFailure(error) }),
    )
    post({ type: 'preview', digest, wording, ...found })
  }
}
