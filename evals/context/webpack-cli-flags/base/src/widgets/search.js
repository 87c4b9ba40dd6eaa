import { address } from '../api';

export function search(words) {
  return address(`search?q=${encodeURIComponent(words)}`);
}
