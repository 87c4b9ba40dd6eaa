import { setTimeout as sleep } from 'node:timers/promises';
import { isTemporary } from './faults.js';

export async function withRetries(task, { attempts, pause }) {
  for (let tries = 1; ; tries += 1) {
    try {
      return { value: await task(), tries };
    } catch (error) {
      if (tries >= attempts || !isTemporary(error)) throw error;
      await sleep(pause * 2 ** (tries - 1));
    }
  }
}
