import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configSchema } from './schema.ts';

/** `npm run build`: writes the schema beside each copy of the YAML, whose first line names it for editors. */
for (const folder of ['../../InputPlugins/', '../../../InputPlugins/']) {
  writeFileSync(fileURLToPath(new URL(`${folder}QualysGuard.schema.json`, import.meta.url)), configSchema());
}
