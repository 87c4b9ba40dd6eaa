import { commands, env, Uri } from 'vscode'
import { engineInstall } from '../contract/engineInstall.ts'
import type { Remedy } from '../contract/inEditor.ts'

/** Does at a click what a failure asks for; the command tells of its own failures. */
export async function mend(remedy: Remedy): Promise<void> {
  if (remedy === 'installEngine') {
    await env.openExternal(Uri.parse(engineInstall(process.platform).page, true))
    return
  }
  await commands.executeCommand(commandOf[remedy])
}

const commandOf: Readonly<Record<Exclude<Remedy, 'installEngine'>, string>> = {
  setKey: 'drydock.setApiKey',
  doctor: 'drydock.doctor',
  signIn: 'drydock.signIn',
  openFolder: 'vscode.openFolder',
  initRepository: 'git.init',
  addRemote: 'git.addRemote',
}
