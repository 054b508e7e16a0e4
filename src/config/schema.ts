/** The JSON Schema (draft 7, which editors know) of the YAML, made from the table of its keys. */
import { type ConfigKey, describeKey, NAMED_KEYS } from './keys.ts';
import { anyCase, TEXT, type ValueSchema } from './values.ts';

const ONE_WORD: ValueSchema = { type: 'string', pattern: '^[^ \\t]+$' };

/**
 * The schema as a text of JSON. It knows keys and values; what cannot stand together is for `-check` to say. Keys are offered in
 * their first spelling, and taken in any spelling and case.
 */
export function configSchema(): string {
  const keys = NAMED_KEYS.map(([, key]) => key);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'QualysGuard.yaml of qualys-connector',
    type: 'object',
    properties: Object.fromEntries(keys.map((key) => [key.name, schemaOf(key)])),
    patternProperties: Object.fromEntries(
      keys.map(({ name, aliases }) => [
        `^(${[name, ...aliases].map(anyCase).join('|')})$`,
        { $ref: `#/properties/${name}` },
      ]),
    ),
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function schemaOf(key: ConfigKey) {
  const { read, list, words, default: initial } = key;
  const value = read.schema ?? TEXT;
  const single = words ? ONE_WORD : list ? TEXT : value;
  const several = { type: 'array', items: words ? TEXT : value, minItems: 1 };
  return {
    description: describeKey(key),
    ...(initial !== '' && { default: initial }),
    anyOf: [single, ...(list ? [several] : []), { type: 'null' }],
  };
}
