import { address } from '../api';
import { money } from '../money';

export function basket(lines) {
  const cents = lines.reduce((sum, line) => sum + line.count * line.cents, 0);
  return { action: address('orders'), total: money(cents) };
}
