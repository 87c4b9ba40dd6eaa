import { failure } from '../../failure.ts'
import { knownManifests } from '../index.ts'

/** Failures that only builds by Maven, or by its relatives, have. */
export const mavenFailures = {
  noMavenRepository: () =>
    failure(
      'registry-not-allowed',
      'No Maven repository is configured on this machine: neither a Maven nor a settings.xml was found.',
      'Install Maven, or name a mirror of `central` in ~/.m2/settings.xml.',
    ),
  badMavenSettings: (file: string, detail: string) =>
    failure('bad-config', `${file} cannot be read: ${detail}`, `Correct ${file}.`),
  noMaven: (version: string) =>
    failure(
      'install-failed',
      `The Maven repository has no distribution of Maven ${version}.`,
      'Mirror org.apache.maven:apache-maven in the repository that settings.xml names.',
    ),
  gradleNotSupported: (file: string) =>
    failure(
      'unsupported-ecosystem',
      `${file} is built with Gradle, which Drydock does not run yet.`,
      `Only ${knownManifests.allManagers} projects can be updated.`,
    ),
  managedElsewhere: (name: string, by: string) =>
    failure(
      'update-failed',
      `${name} gets its version from ${by}, and no version of that brings the requested one.`,
      `Update ${by} instead, or declare ${name} in the project's own dependencyManagement first.`,
    ),
  sharedVersionMissing: (name: string, property: string, other: string, version: string) =>
    failure(
      'no-such-version',
      `${name} shares the property ${property} with ${other}, which has no version ${version}.`,
      `Give ${other} a property of its own first.`,
    ),
} as const
