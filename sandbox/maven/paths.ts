/** Where the runner put Maven's things, beside the workspace; the same names as in the runner's `ecosystems/maven`. */
export const folder = '/drydock-store/m2'
/** Maven's things of an earlier install of the same project, to start from; read-only. */
export const seedFolder = '/drydock-seed/m2'
export const repository = `${folder}/repository`
export const home = `${folder}/maven`
export const settings = `${folder}/settings.xml`
/** A `mvn` that is offline and uses this repository, for the project's own commands. */
export const shim = `${folder}/bin/mvn`

/** Options of every run of Maven. */
export const common = [
  '-B',
  ...['-s', settings, '-gs', settings],
  `-Dmaven.repo.local=${repository}`,
  '-Dstyle.color=never',
  '-Dorg.slf4j.simpleLogger.log.org.apache.maven.cli.transfer.Slf4jMavenTransferListener=warn',
]
