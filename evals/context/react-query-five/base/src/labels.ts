export function berthLabel(berth: number | null): string {
  return berth === null ? 'at anchor' : `berth ${String(berth).padStart(2, '0')}`;
}
