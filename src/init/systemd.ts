/** The systemd unit and timer of a plan. */
import { join } from 'node:path';
import { userInfo } from 'node:os';
import type { Schedule } from './extras.ts';
import { nightlyWords, type Plan } from './plan.ts';

/**
 * It runs as whoever ran -init, whose files these are, with nothing writable but the working directory. The log goes to
 * the journal.
 */
export function serviceUnit(plan: Plan): string {
  const { directory } = plan;
  const words = nightlyWords(plan, 'systemd').filter((word) => !word.startsWith('-logfile='));
  return `# sudo cp this file and qualys-connector.timer to /etc/systemd/system/
[Unit]
Description=Bring what Qualys knows of the hosts into the Management Center
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=${userInfo().uid}
ExecStart=${words.map(execWord).join(' ')}
WorkingDirectory=${specifiers(directory)}
Environment=${quoted(specifiers(`XDG_CACHE_HOME=${join(directory, 'cache')}`))}
TimeoutStartSec=6h
UMask=0077
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ReadWritePaths=${quoted(specifiers(directory))}
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
NoNewPrivileges=yes
CapabilityBoundingSet=
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
`;
}

export function timerUnit({ hour, minute }: Schedule): string {
  const at = [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
  return `[Unit]
Description=Bring what Qualys knows of the hosts into the Management Center every night

[Timer]
OnCalendar=*-*-* ${at}:00
RandomizedDelaySec=15min
Persistent=yes

[Install]
WantedBy=timers.target
`;
}

function specifiers(text: string): string {
  return text.replaceAll('%', '%%');
}

/** A word of ExecStart, which knows $VARIABLES. */
function execWord(word: string): string {
  return quoted(specifiers(word).replaceAll('$', () => '$$'));
}

function quoted(text: string): string {
  return /[\s"'\\;]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}
