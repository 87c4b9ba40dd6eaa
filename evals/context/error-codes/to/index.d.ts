export type ErrorCode = 'COURIER_TOO_HEAVY' | 'COURIER_NO_ADDRESS' | 'COURIER_TIMEOUT'
export class CourierError extends Error {
  readonly code: ErrorCode
}
export interface Parcel { to?: string; weight: number }
export function send(parcel: Parcel): Promise<{ id: number }>
