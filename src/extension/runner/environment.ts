/**
 * What a runner process inherits: the editor's environment without what belongs to the editor itself, and the
 * switch that makes Electron a plain Node. `debugged`: a debugger of the editor finds the runner, too.
 */
export function runnerEnvironment(env: NodeJS.ProcessEnv, debugged = false): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) =>
      !/^(ELECTRON_|VSCODE_|APPLICATION_INSIGHTS_)/i.test(name) ||
      (debugged && name === 'VSCODE_INSPECTOR_OPTIONS'),
  )
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: '1' }
}
