import type { ConfigWith } from '../config/read-qualys-config.ts';
import type { ApiVersions } from './answers/api-versions.ts';

/** The configuration with all that calls need, and what the downloads of one run share. */
export interface QualysAccount extends ConfigWith<'userId' | 'password'> {
  readonly reportVersions: ApiVersions;
}

/** With all that a download needs. */
export interface QualysAccess extends QualysAccount {
  readonly templateId: string;
}
