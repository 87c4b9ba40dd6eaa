import { commands, env, Uri } from 'vscode'
import type { Remedy } from '../contract/inEditor.ts'

/** Where each system's engine is described, by Node's name of the system. */
const engines: Readonly<Record<string, string>> = {
  darwin: 'https://docs.docker.com/desktop/setup/install/mac-install/',
  win32: 'https://docs.docker.com/desktop/setup/install/windows-install/',
  linux: 'https://docs.docker.com/engine/install/',
}

/** Does at a click what a failure asks for; the command tells of its own failures. */
export async function mend(remedy: Remedy): Promise<void> {
  if (remedy === 'installEngine') {
    const page = engines[process.platform] ?? 'https://docs.docker.com/get-started/get-docker/'
    await env.openExternal(Uri.parse(page, true))
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
