/** Import this where certificates are made: their keys are then those of the last time, and no two of them the same. */
import { fileURLToPath } from 'node:url';
import { keepKeys } from '../../src/simulators/rsa-keys.ts';

export const KEYS = fileURLToPath(new URL('../keys', import.meta.url));

keepKeys(KEYS);
