/** Folder in the workspace with Maven, its settings and the local repository; survives the install phase. */
export const mavenFolder = '.drydock-m2'
/** The program in the image that runs Maven; see `sandbox/maven`. */
export const mavenProgram = '/drydock/maven.mjs'
/** What the install is to do, as JSON. */
export const planFile = `${mavenFolder}/install.json`
export const settingsFile = `${mavenFolder}/settings.xml`
export const distributionFile = `${mavenFolder}/maven.tar.gz`
