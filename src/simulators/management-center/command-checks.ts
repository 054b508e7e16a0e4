import { COMMANDS } from '../../host-input/commands.ts';
import type { Command } from '../../host-input/command.ts';
import {
  type FieldCheck,
  isAddress,
  isAddressList,
  isBugtraqIds,
  isCveIds,
  isFilled,
  isMac,
  isPort,
  isProtocol,
  isVulnerabilityId,
  oneOf,
  optional,
} from './field-checks.ts';

const port = optional(isPort);
const protocol = optional(isProtocol);

/** The checks of each command's fields, in order; fields without a check take anything. */
const CHECKS: Readonly<Record<string, readonly FieldCheck[]>> = {
  SetSource: [isFilled],
  SetSourceType: [oneOf('2', '3')],
  SetMap: [isFilled],
  SetDomain: [isFilled],
  AddScanResult: [
    isAddress,
    isFilled,
    optional(isVulnerabilityId),
    port,
    protocol,
    () => undefined,
    () => undefined,
    optional(isCveIds),
    optional(isBugtraqIds),
  ],
  DeleteScanResult: [isAddress, () => undefined, optional(isVulnerabilityId), port, protocol],
  AddHost: [optional(isAddress), optional(isMac)],
  DeleteHost: [optional(isAddress), optional(isMac)],
  SetOS: [isAddressList],
  UnsetOS: [isAddressList],
  AddService: [isAddressList, isPort, isProtocol],
  SetService: [isAddressList, isPort, isProtocol],
  UnsetService: [isAddressList, isPort, isProtocol],
  DeleteService: [isAddressList, isPort, isProtocol],
  AddClientApp: [isAddressList, isFilled],
  DeleteClientApp: [isAddressList, isFilled],
  DeleteClientAppPayload: [isAddressList, isFilled],
  AddProtocol: [optional(isAddress), optional(isMac), isFilled, optional(oneOf('xport', 'net'))],
  DeleteProtocol: [optional(isAddress), optional(isMac), isFilled, optional(oneOf('xport', 'net'))],
  AddFix: [isAddressList, port, protocol, isFilled],
  RemoveFix: [isAddressList, port, protocol, isFilled],
  AddHostAttribute: [isFilled, oneOf('text', 'URL')],
  DeleteHostAttribute: [isFilled],
  SetAttributeValue: [isAddressList, isFilled],
  DeleteAttributeValue: [isAddressList, isFilled],
  SetInvalidVulns: [isAddressList, port, protocol],
  SetValidVulns: [isAddressList, port, protocol],
};

/** What is wrong with a command's fields, or nothing. The command is a known one. */
export function checkCommand(command: Command): string | undefined {
  const syntax = COMMANDS.get(command.name);
  const count = command.fields.length;
  if (syntax && (count < syntax.fewest || count > syntax.most)) {
    return `${count} fields instead of ${syntax.fewest === syntax.most ? '' : `${syntax.fewest} to `}${syntax.most}`;
  }
  for (const [index, check] of (CHECKS[command.name] ?? []).entries()) {
    const wrong = index < count ? check(command.fields[index] ?? '') : undefined;
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
