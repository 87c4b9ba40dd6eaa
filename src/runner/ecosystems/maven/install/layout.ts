/** Folder in the store with Maven, its settings and the local repository; the same as in `sandbox/maven/paths.ts`. */
export const mavenFolder = 'm2'
export const mavenHome = `/drydock-store/${mavenFolder}`
/** The program in the image that runs Maven; see `sandbox/maven`. */
export const mavenProgram = '/drydock/maven.mjs'
/** What the install is to do, as JSON. */
export const planFile = `${mavenFolder}/install.json`
export const settingsFile = `${mavenFolder}/settings.xml`
export const distributionFile = `${mavenFolder}/maven.tar.gz`
/** What takes the place of a jar that no repository has. */
export const emptyFile = `${mavenFolder}/empty.jar`
