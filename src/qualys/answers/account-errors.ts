import { ConnectorError } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';

/** User or password wrong (401, 2000). */
export class QualysLoginRefused extends ConnectorError {
  constructor(host: string, said: string) {
    super(
      'QC3021',
      ExitCode.failed,
      `Qualys refused the login: ${said}`,
      `Check user_id and password in the YAML (a password with other than letters and digits belongs in single quotes), and that the account lives on ${host}.`,
    );
  }
}

/** The account has expired (2001). */
export class QualysAccountExpired extends ConnectorError {
  constructor(said: string) {
    super(
      'QC3022',
      ExitCode.failed,
      `The Qualys account has expired: ${said}`,
      'Ask your Qualys manager or Qualys to renew it.',
    );
  }
}

/** The account exists, but may not be used in this way (2002 to 2011). */
export class QualysAccountBarred extends ConnectorError {
  constructor(said: string, whatToDo: string) {
    super('QC3023', ExitCode.failed, `Qualys does not serve this account: ${said}`, whatToDo);
  }
}

/** The account may not use this part of the API (2012, 403). */
export class QualysApiNotAllowed extends ConnectorError {
  constructor(said: string, whatToDo: string) {
    super('QC3024', ExitCode.failed, `Qualys does not allow this call for the account: ${said}`, whatToDo);
  }
}

/** Qualys refused the request for another reason, which its own words tell. */
export class QualysRequestRefused extends ConnectorError {
  /** Qualys' words as a sentence. */
  readonly said: string;

  constructor(doing: string, said: string) {
    super(
      'QC3025',
      ExitCode.failed,
      `Qualys refused the request while ${doing}: ${said}`,
      "Check template_id and the account's rights in Qualys.",
    );
    this.said = `Qualys answered ${said}`;
  }
}

/** The account's calls are used up for longer than this run may wait. */
export class QualysQuotaUsedUp extends ConnectorError {
  constructor(said: string, waitSeconds: number) {
    super(
      'QC3026',
      ExitCode.failed,
      `The Qualys account's calls are used up: ${said}`,
      `Qualys takes the next call in ${waitSeconds} seconds, which is more than is left of report_timeout: run again then, or run less often.`,
    );
  }
}

/** The configuration lacks what a login needs. */
export class QualysSettingMissing extends ConnectorError {
  constructor(file: string, key: string) {
    super('QC3027', ExitCode.failed, `No value provided for required key : ${key}`, `Set ${key} in ${file}.`);
  }
}
