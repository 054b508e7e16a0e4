import type { InputPlugin } from '../src/input-plugin.ts';
import { csv } from './csv.ts';
import { qualysGuard } from './QualysGuard.ts';

/** All that the command knows; nothing is ever loaded from the current directory. */
export const PLUGINS: readonly InputPlugin[] = [qualysGuard, csv];
