import type { QualysLogin } from '../config/qualys-login.ts';
import type { QualysConfig } from '../config/read-qualys-config.ts';
import type { ApiVersions } from './answers/api-versions.ts';
import type { TokenStore } from './connection/token.ts';

/** The configuration with all that calls need, and what the calls of one run share. */
export interface QualysAccount extends QualysConfig {
  readonly login: QualysLogin;
  readonly tokens: TokenStore;
}

export interface ReportAccount extends QualysAccount {
  readonly reportVersions: ApiVersions;
}

/** With all that a download needs. */
export interface QualysAccess extends ReportAccount {
  readonly templateId: string;
}

/** With all that reading the detections needs. */
export interface DetectionAccess extends QualysAccount {
  readonly detectionVersions: ApiVersions;
  readonly kbVersions: ApiVersions;
}
