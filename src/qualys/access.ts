import type { ConfigWith } from '../config/read-qualys-config.ts';

/** The configuration with all that a download needs. */
export type QualysAccess = ConfigWith<'userId' | 'password' | 'templateId'>;
