import { createHmac, timingSafeEqual } from 'node:crypto';

export function sign(secret, text) {
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

export function verify(secret, text, given = '') {
  const expected = Buffer.from(sign(secret, text));
  const actual = Buffer.from(given);
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
