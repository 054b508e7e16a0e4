import type { QualysConfig } from '../config/qualys-config.ts';
import type { Secret } from '../config/secret.ts';
import { QualysSettingMissing } from './answers/account-errors.ts';
import { NotAnApiHost } from './connection/network-errors.ts';
import { apiHostInsteadOf } from './connection/platforms.ts';

/** The configuration with all that a download needs. */
export interface QualysAccess extends QualysConfig {
  readonly userId: string;
  readonly password: Secret;
  readonly templateId: string;
}

/**
 * @throws QualysSettingMissing when user, password or template is missing
 * @throws NotAnApiHost when the server is a platform's web interface or gateway
 */
export function requireAccess(config: QualysConfig): QualysAccess {
  const { file, userId, password, templateId } = config;
  if (userId === undefined) throw new QualysSettingMissing(file, 'user_id');
  if (password === undefined) throw new QualysSettingMissing(file, 'password');
  if (templateId === undefined) throw new QualysSettingMissing(file, 'template_id');
  const host = new URL(config.qualysServer).hostname;
  const instead = apiHostInsteadOf(host);
  if (instead !== undefined) throw new NotAnApiHost(host, instead);
  return { ...config, userId, password, templateId };
}
