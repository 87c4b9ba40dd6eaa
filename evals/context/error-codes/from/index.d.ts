export type ErrorCode = 'E_TOO_HEAVY' | 'E_NO_ADDRESS' | 'E_TIMEOUT'
export class CourierError extends Error {
  readonly code: ErrorCode
}
export interface Parcel { to?: string; weight: number }
export function send(parcel: Parcel): Promise<{ id: number }>
