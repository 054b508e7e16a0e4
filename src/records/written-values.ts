/** What Qualys writes into its documents, as the records hold it. */

/** QIDs are sent as the Management Center's vulnerability ids, which are numbers of 32 bits with a sign. */
export const LARGEST_QID = 0x7fff_ffff;

/** 0 for what is no number, or a larger one. */
export function wholeNumber(digits: string, largest: number): number {
  const number = /^\d{1,10}$/.test(digits) ? Number(digits) : 0;
  return number <= largest ? number : 0;
}

/** As a FindingList takes it. */
export function protocolNumber(name: string): number {
  return ['', 'tcp', 'udp'].indexOf(name.toLowerCase()) & 3;
}

/** Reports write Re-Opened, the detection interface Reopened too; older documents VULN for Vuln. */
export function comparable(name: string): string {
  return name.toLowerCase().replaceAll('-', '');
}
