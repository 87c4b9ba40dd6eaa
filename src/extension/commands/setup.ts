import { window } from 'vscode'
import { shownName } from '../../contract/shownText.ts'
import type { Services } from '../services.ts'

/** Set API Key: masked, kept in the editor's secret storage; an empty one forgets what is kept. */
export async function setApiKey({ secrets }: Services): Promise<void> {
  const key = await window.showInputBox({
    title: 'Set API Key',
    prompt:
      'Key of the Anthropic API, kept in the secret storage of the editor. Empty: forget the one that is kept.',
    password: true,
    ignoreFocusOut: true,
    validateInput: (text) => (/\s/.test(text.trim()) ? 'A key has no spaces' : undefined),
  })
  if (key === undefined) return
  const trimmed = key.trim()
  await secrets.setKey(trimmed === '' ? undefined : trimmed)
  void window.showInformationMessage(trimmed === '' ? 'The key is forgotten.' : 'The key is kept.')
}

export async function signIn({ secrets }: Services): Promise<void> {
  const account = await secrets.signIn()
  void window.showInformationMessage(`Signed in to GitHub as ${shownName(account)}.`)
}
