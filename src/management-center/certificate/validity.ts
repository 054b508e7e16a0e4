import type { X509Certificate } from 'node:crypto';
import type { CertificateChain } from './chain.ts';
import {
  AuthorityExpiredError,
  CertificateExpiredError,
  CertificateNotYetValidError,
  day,
} from './errors.ts';
import { distinguishedName } from './distinguished-name.ts';

const DAY = 86_400_000;
const WARN_DAYS = 30;

/**
 * Refuses what is out of date, and warns 30 days ahead: of the client's certificate, and of its authority, which a
 * Management Center may well outlive (both run ten years, the authority's from an earlier day).
 * @throws CertificateNotYetValidError, CertificateExpiredError, AuthorityExpiredError
 */
export function checkValidity(file: string, chain: CertificateChain, now: Date): string[] {
  const { leaf, issuers } = chain;
  for (const certificate of [leaf, ...issuers]) {
    const from = new Date(certificate.validFrom);
    if (from > now) throw new CertificateNotYetValidError(file, distinguishedName(certificate.subject), from);
  }
  if (isOver(leaf, now)) {
    throw new CertificateExpiredError(file, distinguishedName(leaf.subject), new Date(leaf.validTo));
  }
  const expired = issuers.find((issuer) => isOver(issuer, now));
  if (expired) {
    throw new AuthorityExpiredError(file, distinguishedName(expired.subject), new Date(expired.validTo));
  }
  return [
    ...warnAhead('client certificate', leaf, now),
    ...issuers.flatMap((issuer) => warnAhead('authority', issuer, now)),
  ];
}

/** Whole days until the certificate's end. */
export function daysLeft(validTo: Date, now: Date): number {
  return Math.floor((validTo.getTime() - now.getTime()) / DAY);
}

function isOver(certificate: X509Certificate, now: Date): boolean {
  return new Date(certificate.validTo) <= now;
}

function warnAhead(what: string, certificate: X509Certificate, now: Date): string[] {
  const end = new Date(certificate.validTo);
  const days = daysLeft(end, now);
  if (days > WARN_DAYS) return [];
  const left = days === 1 ? '1 day' : `${days} days`;
  return [`The ${what} '${distinguishedName(certificate.subject)}' expires on ${day(end)}, in ${left}.`];
}
