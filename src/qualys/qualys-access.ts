import type { QualysConfig } from '../config/read-qualys-config.ts';
import type { Secret } from '../secrets/secret.ts';
import { QualysSettingMissingError } from './answers/errors.ts';
import { NotAnApiHostError } from './connection/errors.ts';
import { apiHostInsteadOf } from './connection/platforms.ts';

/** The configuration with all that a download needs. */
export interface QualysAccess extends QualysConfig {
  readonly userId: string;
  readonly password: Secret;
  readonly templateId: string;
}

/**
 * @throws QualysSettingMissingError when user, password or template is missing
 * @throws NotAnApiHostError when the server is a platform's web interface or gateway
 */
export function requireAccess(config: QualysConfig): QualysAccess {
  const { file, userId, password, templateId } = config;
  if (userId === undefined) throw new QualysSettingMissingError(file, 'user_id');
  if (password === undefined) throw new QualysSettingMissingError(file, 'password');
  if (templateId === undefined) throw new QualysSettingMissingError(file, 'template_id');
  const host = new URL(config.qualysServer).hostname;
  const instead = apiHostInsteadOf(host);
  if (instead !== undefined) throw new NotAnApiHostError(host, instead);
  return { ...config, userId, password, templateId };
}
