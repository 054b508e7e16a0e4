/** What the manual (Host Input API Guide 5.4, chapter 3) and the field know of a command: how many fields follow its name. */
export interface CommandSyntax {
  readonly fewest: number;
  readonly most: number;
}

function fields(fewest: number, most = fewest): CommandSyntax {
  return { fewest, most };
}

/** Optional fields at the end may be left out; empty fields in between count. */
export const COMMANDS: ReadonlyMap<string, CommandSyntax> = new Map([
  ['SetSource', fields(1)],
  ['SetSourceType', fields(1)],
  ['SetMap', fields(1)],
  ['SetDomain', fields(1)],
  // address, scanner, vulnerability, port, protocol, name, description, cve_ids, bugtraq_ids
  ['AddScanResult', fields(3, 9)],
  ['ScanFlush', fields(0)],
  ['ScanUpdate', fields(0)],
  ['DeleteScanResult', fields(1, 5)],
  ['AddHost', fields(1, 2)],
  ['DeleteHost', fields(1, 2)],
  ['SetOS', fields(2, 15)],
  ['UnsetOS', fields(1)],
  ['AddService', fields(3, 14)],
  ['SetService', fields(3, 14)],
  ['UnsetService', fields(3)],
  ['DeleteService', fields(3)],
  ['AddClientApp', fields(2, 4)],
  ['DeleteClientApp', fields(2, 4)],
  ['DeleteClientAppPayload', fields(2, 6)],
  ['AddProtocol', fields(3, 4)],
  ['DeleteProtocol', fields(3, 4)],
  ['AddFix', fields(4)],
  ['RemoveFix', fields(4)],
  ['AddHostAttribute', fields(2)],
  ['DeleteHostAttribute', fields(1)],
  ['SetAttributeValue', fields(3)],
  ['DeleteAttributeValue', fields(2, 3)],
  ['SetInvalidVulns', fields(5)],
  ['SetValidVulns', fields(5)],
]);

/** Commands that hold for the rest of the connection. */
export const SETTINGS: ReadonlySet<string> = new Set(['SetSource', 'SetSourceType', 'SetMap', 'SetDomain']);

/** Commands that wait for a ScanFlush or ScanUpdate before they take effect. */
export const WAITING: ReadonlySet<string> = new Set(['AddScanResult', 'DeleteScanResult']);

/** Commands that give effect to the waiting ones, and so end a unit. */
export const UNIT_ENDS: ReadonlySet<string> = new Set(['ScanFlush', 'ScanUpdate']);
