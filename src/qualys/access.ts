import type { QualysLogin } from '../config/qualys-login.ts';
import type { QualysConfig } from '../config/read-qualys-config.ts';
import type { ApiVersions } from './answers/api-versions.ts';
import type { TokenStore } from './connection/token.ts';

/** The configuration with all that calls need, and what the downloads of one run share. */
export interface QualysAccount extends QualysConfig {
  readonly login: QualysLogin;
  readonly reportVersions: ApiVersions;
  readonly tokens: TokenStore;
}

/** With all that a download needs. */
export interface QualysAccess extends QualysAccount {
  readonly templateId: string;
}
