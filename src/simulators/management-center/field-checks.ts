import { badAddressItem, isAddress as isOneAddress } from '../../host-input/addresses.ts';

/** Says what is wrong with a field, or nothing. */
export type FieldCheck = (value: string) => string | undefined;

export const isAddress: FieldCheck = (value) =>
  isOneAddress(value) ? undefined : `'${value}' is not an IP address`;

/** A comma-separated list of addresses, CIDR blocks and ranges. */
export const isAddressList: FieldCheck = (value) => {
  const bad = badAddressItem(value);
  return bad === undefined ? undefined : `'${bad}' is not an IP address, block or range`;
};

export const isPort: FieldCheck = (value) =>
  /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535
    ? undefined
    : `'${value}' is not a port (1 to 65535)`;

export const isProtocol: FieldCheck = (value) =>
  ['tcp', 'udp', '6', '17'].includes(value) ? undefined : `'${value}' is not a protocol (tcp, udp, 6, 17)`;

/** A 32-bit number. */
export const isVulnerabilityId: FieldCheck = (value) =>
  /^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 ? undefined : `'${value}' is not a vulnerability id`;

export const isMac: FieldCheck = (value) =>
  /^([0-9A-Fa-f]{1,2}:){5}[0-9A-Fa-f]{1,2}$/.test(value) ? undefined : `'${value}' is not a MAC address`;

export const isFilled: FieldCheck = (value) => (value === '' ? 'a required field is empty' : undefined);

export const isCveIds: FieldCheck = (value) =>
  /^cve_ids:( CVE-\d{4}-\d{4,})* ?$/.test(value) ? undefined : `'${value}' is not a list of CVE ids`;

export const isBugtraqIds: FieldCheck = (value) =>
  /^bugtraq_ids:( \d+)* ?$/.test(value) ? undefined : `'${value}' is not a list of Bugtraq ids`;

export function oneOf(...values: readonly string[]): FieldCheck {
  return (value) => (values.includes(value) ? undefined : `'${value}' is not one of ${values.join(', ')}`);
}

/** The field may also be empty. */
export function optional(check: FieldCheck): FieldCheck {
  return (value) => (value === '' ? undefined : check(value));
}
