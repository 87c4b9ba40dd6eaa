import { join } from 'node:path'
import { commands, Uri } from 'vscode'
import type { Services } from './services.ts'
import { sessionFiles } from './sessions/home.ts'

/** Shows a session's review, live from its first moment. */
export function showReview({ store }: Services, id: string): void {
  void commands.executeCommand('vscode.open', Uri.file(sessionFiles.events(join(store.home, id))))
}
