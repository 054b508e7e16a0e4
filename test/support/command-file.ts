import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { numbers, source, textOf, unit } from './units.ts';

/** Writes a file of so many hosts with two findings each for the csv plugin; gives the words that send it. */
export async function commandFile(directory: string, hosts: number): Promise<string[]> {
  const path = join(directory, 'commands.csv');
  await writeFile(path, textOf([source, ...numbers(1, hosts).map((n) => unit(`192.0.2.${n}`, [1, 2]))]));
  return [`-plugininfo=${path}`, 'csv'];
}
