/** What the manual (Host Input API Guide 5.4, chapter 3) and the field know of a command. */
export interface CommandSyntax {
  /** How many fields follow its name. */
  readonly fewest: number;
  readonly most: number;
  /** What its first field names: a host, a host or nothing (a MAC address follows), or a list; undefined: no host. */
  readonly hosts: 'one' | 'optional' | 'list' | undefined;
}

function fields(fewest: number, most = fewest, hosts?: CommandSyntax['hosts']): CommandSyntax {
  return { fewest, most, hosts };
}

/** Optional fields at the end may be left out; empty fields in between count. */
export const COMMANDS: ReadonlyMap<string, CommandSyntax> = new Map([
  ['SetSource', fields(1)],
  ['SetSourceType', fields(1)],
  ['SetMap', fields(1)],
  ['SetDomain', fields(1)],
  // address, scanner, vulnerability, port, protocol, name, description, cve_ids, bugtraq_ids
  ['AddScanResult', fields(3, 9, 'one')],
  ['ScanFlush', fields(0)],
  ['ScanUpdate', fields(0)],
  ['DeleteScanResult', fields(1, 5, 'one')],
  ['AddHost', fields(1, 2, 'optional')],
  ['DeleteHost', fields(1, 2, 'optional')],
  ['SetOS', fields(2, 15, 'list')],
  ['UnsetOS', fields(1, 1, 'list')],
  ['AddService', fields(3, 14, 'list')],
  ['SetService', fields(3, 14, 'list')],
  ['UnsetService', fields(3, 3, 'list')],
  ['DeleteService', fields(3, 3, 'list')],
  ['AddClientApp', fields(2, 4, 'list')],
  ['DeleteClientApp', fields(2, 4, 'list')],
  ['DeleteClientAppPayload', fields(2, 6, 'list')],
  ['AddProtocol', fields(3, 4, 'optional')],
  ['DeleteProtocol', fields(3, 4, 'optional')],
  ['AddFix', fields(4, 4, 'list')],
  ['RemoveFix', fields(4, 4, 'list')],
  ['AddHostAttribute', fields(2)],
  ['DeleteHostAttribute', fields(1)],
  ['SetAttributeValue', fields(3, 3, 'list')],
  ['DeleteAttributeValue', fields(2, 3, 'list')],
  ['SetInvalidVulns', fields(5, 5, 'list')],
  ['SetValidVulns', fields(5, 5, 'list')],
]);

/** Commands that hold for the rest of the connection. */
export const SETTINGS: ReadonlySet<string> = new Set(['SetSource', 'SetSourceType', 'SetMap', 'SetDomain']);

/** Commands that wait for a ScanFlush or ScanUpdate before they take effect. */
export const WAITING: ReadonlySet<string> = new Set(['AddScanResult', 'DeleteScanResult']);

/** Commands that give effect to the waiting ones, and so end a unit. */
export const UNIT_ENDS: ReadonlySet<string> = new Set(['ScanFlush', 'ScanUpdate']);
