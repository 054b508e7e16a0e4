import { failures } from '../../connector-error.ts';
import { ExitCode } from '../../exit-code.ts';
import type { Peer } from '../connection/peer.ts';
import type { VersionedApi } from './api-versions.ts';

const failure = failures(ExitCode.failed);

/** User or password wrong (401, 2000), or a token refused. */
export const QualysLoginRefusedError = failure('QC3021', (host: string, said: string, byToken: boolean) => [
  `Qualys refused the login: ${said}.`,
  byToken
    ? `The gateway gave the OAuth client a token that ${host} does not take: the client must be of the same platform and have the right to use VM. With "api: v1" use user_id and password: Qualys may take no token there.`
    : `Check user_id and password in the YAML (a password with other than letters and digits belongs in single quotes), and that the account lives on ${host}. An account with single sign-on only has no password for the API: make an OAuth client (My Profile, Auth ID Client Management) and set client_id.`,
]);

/** The account has expired (2001). */
export const QualysAccountExpiredError = failure('QC3022', (said: string) => [
  `The Qualys account has expired: ${said}.`,
  'Ask your Qualys manager or Qualys to renew it.',
]);

/** The account exists, but may not be used in this way (2002 to 2011). */
export const QualysAccountBarredError = failure('QC3023', (said: string, whatToDo: string) => [
  `Qualys does not serve this account: ${said}.`,
  whatToDo,
]);

/** The account may not use this part of the API (2012, 403). */
export const QualysApiNotAllowedError = failure('QC3024', (said: string, whatToDo: string) => [
  `Qualys does not allow this call for the account: ${said}.`,
  whatToDo,
]);

/** Qualys refused the request for another reason, which its own words tell. */
export const QualysRequestRefusedError = failure('QC3025', (doing: string, said: string) => [
  `Qualys refused the request while ${doing}: ${said}.`,
  "Check template_id, what chooses the hosts (ips, asset_groups, tags), and the account's rights in Qualys.",
]);

/** The account's calls are used up for longer than this run may wait. */
export const QualysQuotaUsedUpError = failure('QC3026', (said: string, waitSeconds: number) => [
  `The Qualys account's calls are used up: ${said}.`,
  `Qualys takes the next call in ${waitSeconds} seconds, which is more than is left of report_timeout: run again then, or run less often.`,
]);

/** The version of an interface that the YAML names is not served, or none that is known or guessed. */
export const ApiVersionNotServedError = failure(
  'QC3029',
  (server: Peer, { name, key }: VersionedApi, versions: readonly string[], said: string, pinned: boolean) => [
    `Qualys at ${server.name} does not serve ${pinned ? 'the version' : 'any of the versions'} ${versions.join(', ')} of its ${name}: the last answer was ${said}.`,
    key === undefined
      ? "Check that qualys_server is your platform's API server, and that this user may use its API."
      : `${pinned ? `Set "${key}: auto" in the YAML to let the version be found` : `Check that qualys_server is your platform's API server`}, or set ${key} to a version that Qualys lists under "API Version History" in its API documentation (docs.qualys.com).`,
    { address: server.address, port: server.port },
  ],
);

/** Tags are of another interface than all else, which not every subscription has, nor every user. */
export const TagsNotListedError = failure('QC6350', (said: string) => [
  `Qualys does not list the tags to this account: ${said}.`,
  'Look at them in the web interface (Assets, Tags), and write their names into tags as they stand there; or ask your Qualys manager for API access to Asset Management and Tagging.',
]);

/** The account has no template of this id. */
export const TemplateNotFoundError = failure(
  'QC3031',
  (templateId: string, said: string, offered: string) => [
    `The Qualys account has no report template ${templateId}.${said === '' ? '' : ` ${said}`}`,
    `Check template_id. ${offered}`,
  ],
);

/** The template is not an automatic scan template. */
export const TemplateUnsuitableError = failure(
  'QC3032',
  (templateId: string, title: string, kind: string, said: string, offered: string) => [
    `Report template ${templateId} ("${title}") is of the type ${kind}.${said === '' ? '' : ` ${said}`}`,
    `Only host based scan templates (Auto/Scan) can be run. ${offered}`,
  ],
);

/** A value is refused (1905). */
export class QualysValueRefusedError extends QualysRequestRefusedError {}

/** Entities and elements of its own can hide or make up anything. */
export const OwnDeclarationsError = failure('QC3215', (doing: string) => [
  `The answer to ${doing} declares entities or elements of its own, which Qualys does not.`,
  'Nothing was sent. Something on the way wrote it: check qualys_server, proxy and qualys_ca, and what inspects the traffic.',
]);

/** Qualys keeps failing (999, HTTP 500). */
export const QualysFailingError = failure('QC3041', (said: string) => [
  `Qualys fails: ${said}.`,
  'Wait for Qualys to recover (status.qualys.com), or give its support the incident signature. With a report template, check template_id too.',
]);
