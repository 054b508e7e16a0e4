import type { Command } from '../../host-input/command.ts';
import type { MappedHost, NetworkMap } from './network-map.ts';

/** Above this many on a host, new servers are ignored (Host Input API Guide 5.4, p. 3-10). */
const MOST_SERVICES = 100;

type Change = (host: MappedHost, fields: readonly string[]) => void;

/** Commands on hosts whose first field is a list of addresses; `fields` are those behind it. */
const ON_HOSTS: Readonly<Record<string, Change>> = {
  SetOS: (host, fields) => {
    host.operatingSystem = fields;
  },
  UnsetOS: (host) => {
    host.operatingSystem = undefined;
  },
  AddService: setService,
  SetService: setService,
  UnsetService: deleteService,
  DeleteService: deleteService,
  AddClientApp: (host, fields) => {
    addTo(host.clientApplications, fields[0]);
  },
  DeleteClientApp: (host, fields) => {
    removeFrom(host.clientApplications, fields[0]);
  },
  AddFix: (host, fields) => {
    addTo(host.fixes, fields[2]);
  },
  RemoveFix: (host, fields) => {
    removeFrom(host.fixes, fields[2]);
  },
  SetAttributeValue: (host, [attribute = '', value = '']) => {
    host.attributes[attribute] = value;
  },
  DeleteAttributeValue: (host, [attribute = '']) => {
    Reflect.deleteProperty(host.attributes, attribute);
  },
};

/** Carries out a checked command on hosts or attributes. Returns what is wrong, if something is. */
export function applyCommand(map: NetworkMap, command: Command): string | undefined {
  const [first = '', second = ''] = command.fields;
  switch (command.name) {
    case 'AddHost':
      map.host(first || second).mac = second || map.host(first || second).mac;
      return undefined;
    case 'DeleteHost':
      map.deleteHost(first || second);
      return undefined;
    case 'AddProtocol':
      addTo(map.host(first || second).protocols, command.fields[2]);
      return undefined;
    case 'DeleteProtocol':
      removeFrom(map.host(first || second).protocols, command.fields[2]);
      return undefined;
    case 'AddHostAttribute':
      map.defineAttribute(first, second);
      return undefined;
    case 'DeleteHostAttribute':
      map.deleteAttribute(first);
      return undefined;
    default:
      return applyToHosts(map, command);
  }
}

function applyToHosts(map: NetworkMap, command: Command): string | undefined {
  const [addresses = '', ...fields] = command.fields;
  if (command.name.endsWith('AttributeValue') && !map.knowsAttribute(fields[0] ?? '')) {
    return `there is no host attribute '${fields[0] ?? ''}'`;
  }
  const change = ON_HOSTS[command.name];
  for (const address of addresses.split(',')) change?.(map.host(address.trim()), fields);
  return undefined;
}

function setService(host: MappedHost, [port = '', protocol = '', ...rest]: readonly string[]): void {
  const key = `${port}/${protocol}`;
  if (key in host.services || Object.keys(host.services).length < MOST_SERVICES) host.services[key] = rest;
}

function deleteService(host: MappedHost, [port = '', protocol = '']: readonly string[]): void {
  Reflect.deleteProperty(host.services, `${port}/${protocol}`);
}

function addTo(list: string[], item = ''): void {
  if (!list.includes(item)) list.push(item);
}

function removeFrom(list: string[], item = ''): void {
  const at = list.indexOf(item);
  if (at >= 0) list.splice(at, 1);
}
