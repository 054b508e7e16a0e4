/** What an earlier -init, or a person, has set up in the directory. */
import { type QualysConfig, readQualysConfig } from '../config/read-qualys-config.ts';
import { readYamlText } from '../config/yaml-entries.ts';
import { ConnectorError } from '../connector-error.ts';
import { isFillable } from './yaml.ts';

export interface Earlier {
  /** The text of its YAML, in which answers are written. */
  readonly text: string;
  readonly config: QualysConfig;
}

/**
 * @param file the YAML, which is there
 * @returns why it answers nothing, where it cannot be read, or not be changed line by line
 */
export async function readEarlier(file: string): Promise<Earlier | string> {
  try {
    const text = await readYamlText(file);
    const config = await readQualysConfig(file, [], text);
    return isFillable(text) ? { text, config } : 'Its keys do not each begin a line.';
  } catch (error) {
    if (!(error instanceof ConnectorError)) throw error;
    return error.message;
  }
}
