import type { ConfigWith } from '../config/read-qualys-config.ts';
import type { ApiVersions } from './answers/api-versions.ts';

/** The configuration with all that a download needs, and what the downloads of one run share. */
export interface QualysAccess extends ConfigWith<'userId' | 'password' | 'templateId'> {
  readonly reportVersions: ApiVersions;
}
