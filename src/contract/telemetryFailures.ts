import { failure } from './failure.ts'

/** Failures of the way to a collector of traces. A run never ends by one. */
export const telemetryFailures = {
  noCollector: () =>
    failure(
      'no-collector',
      'No collector of traces is named.',
      'Set OTEL_EXPORTER_OTLP_ENDPOINT to its address, such as http://127.0.0.1:4318, and run this again.',
    ),
  badCollector: (variable: string, why: string) =>
    failure(
      'bad-config',
      `${variable} cannot be used: ${why}.`,
      'Correct it, or unset it to export no traces.',
    ),
  notTaken: (address: string, why: string) =>
    failure(
      'collector-failed',
      `The collector at ${address} did not take the trace: ${why}.`,
      'Nothing is lost: the log has it all. Run `drydock trace ID` when the collector answers.',
    ),
}
