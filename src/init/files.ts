/** The files of a plan: what stands in each. Nothing is written here. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { shellWord } from '../text/shell-word.ts';
import { crontabLine, shellCommand } from './commands.ts';
import { earlierCenter } from './earlier.ts';
import { EXTRA_FILES } from './extras.ts';
import {
  type Center,
  centersInYaml,
  nightlyWords,
  pathsOf,
  pathsOfCenter,
  type Plan,
  runWords,
  type SecretSource,
} from './plan.ts';
import { serviceUnit, timerUnit } from './systemd.ts';
import { SCHEMA, SHIPPED } from './working-directory.ts';
import { filledYaml } from './yaml.ts';

export interface PlannedFile {
  readonly path: string;
  readonly content: string | Uint8Array;
  /** What the bytes say, of a text in another encoding. */
  readonly text?: string;
  readonly mode: number;
  /** In the list that is shown. */
  readonly what: string;
  /** What is there already stays in it, but for what was answered otherwise. */
  readonly keeps?: boolean;
  /** For every night or for the shell: a person may have changed it where it lies. */
  readonly isExtra?: boolean;
}

/** For its owner alone, and for everybody. */
export const OWN = 0o600;
const OPEN = 0o644;

/** @param completion the script for a shell */
export function plannedFiles(plan: Plan, completion: (shell: 'bash' | 'zsh') => string): PlannedFile[] {
  const paths = pathsOf(plan);
  const { centers, directory, extras } = plan;
  const shipped = (name: string): string => readFileSync(join(SHIPPED, name), 'utf8');
  const before = plan.earlier?.text ?? shipped(basename(paths.yaml));
  const yaml = filledYaml(before, { ...plan.yaml, ...centersInYaml(plan) }, dirname(paths.yaml));
  const files: PlannedFile[] = [
    {
      path: paths.yaml,
      content: plan.earlier?.encoded(yaml) ?? yaml,
      text: yaml,
      mode: OWN,
      what: 'the configuration',
      keeps: plan.earlier !== undefined,
    },
    {
      path: join(directory, 'InputPlugins', SCHEMA),
      content: shipped(SCHEMA),
      mode: OPEN,
      what: 'its schema, for editors',
    },
    ...secretFile(plan.qualysSecret, paths.qualysSecret, 'the secret of the login at Qualys'),
    ...centers.flatMap((center) => certificateFiles(plan, center)),
  ];
  for (const extra of extras) {
    if (extra === 'crontab') {
      files.push(extraFile(plan, EXTRA_FILES.crontab[0], crontab(plan), 'the line for the crontab'));
    } else if (extra === 'systemd') {
      files.push(
        extraFile(plan, EXTRA_FILES.systemd[0], serviceUnit(plan), 'the systemd unit'),
        extraFile(plan, EXTRA_FILES.systemd[1], timerUnit(plan.schedule), 'its timer'),
      );
    } else if (extra === 'logrotate') {
      files.push(extraFile(plan, EXTRA_FILES.logrotate[0], logrotate(plan), 'for logrotate'));
    } else {
      files.push(extraFile(plan, EXTRA_FILES[extra][0], completion(extra), `the completion for ${extra}`));
    }
  }
  return files;
}

function certificateFiles(plan: Plan, center: Center): PlannedFile[] {
  const { from, password } = center.certificate;
  const paths = pathsOfCenter(plan, center);
  const files = secretFile(password, paths.password, 'the password of the certificate file');
  if (from === undefined || from === paths.pkcs12) return files;
  return [
    ...files,
    { path: paths.pkcs12, content: readFileSync(from), mode: OWN, what: `a copy of ${from}` },
  ];
}

function extraFile({ directory }: Plan, name: string, content: string, what: string): PlannedFile {
  return { path: join(directory, name), content, mode: OPEN, what, isExtra: true };
}

function secretFile(source: SecretSource, path: string, what: string): PlannedFile[] {
  return source.kind === 'file'
    ? [{ path, content: `${source.secret.reveal()}\n`, mode: OWN, what: `${what}, for you alone` }]
    : [];
}

function crontab(plan: Plan): string {
  const { hour, minute } = plan.schedule;
  return `${crontabLine(nightlyWords(plan, 'crontab'), hour, minute)}\n`;
}

function logrotate({ directory }: Plan): string {
  const log = join(directory, 'connector.log');
  const { uid, gid } = owner();
  // Of a folder that is another's than root's, logrotate wants to know whose.
  const su = uid === 0 ? '' : `    su ${uid} ${gid}\n`;
  const pattern = `^[^ ]*node .*qualys.connector.* -logfile=${log.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
  return `# sudo cp this file to /etc/logrotate.d/qualys-connector
"${log}" {
${su}    weekly
    rotate 8
    compress
    delaycompress
    missingok
    notifempty
    postrotate
        pkill -HUP -f ${shellWord(pattern)} || true
    endscript
}
`;
}

function owner(): { readonly uid: number; readonly gid: number } {
  return { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
}

/** Not so where the command line of a person names one for all that are listed. */
function lacksCertificate({ earlier, centers }: Plan, center: Center): boolean {
  const before = earlierCenter(earlier, center, centers);
  const isNamedElsewhere = before?.listed !== undefined && before.listed.pkcs12 === undefined;
  return center.certificate.from === undefined && !isNamedElsewhere;
}

/** What is left to do, with the words of this plan. */
export function nextSteps(plan: Plan): string {
  const { directory, extras, centers } = plan;
  const paths = pathsOf(plan);
  const inDirectory = (name: string): string => shellWord(join(directory, name));
  const lines = [`Look over the configuration when something is to be different: ${paths.yaml}`];
  for (const center of centers.filter((one) => lacksCertificate(plan, one))) {
    const whose = centers.length > 1 ? center.host : 'the Management Center';
    lines.push(`Copy the certificate file of ${whose} to ${pathsOfCenter(plan, center).pkcs12} (chmod 600).`);
  }
  lines.push('A run now:', `  ${shellCommand(runWords(plan))}`);
  if (extras.includes('crontab')) lines.push(...cronSteps(plan));
  if (extras.includes('systemd')) {
    const units = ['qualys-connector.service', 'qualys-connector.timer'].map(inDirectory).join(' ');
    lines.push(
      'Every night, by systemd:',
      `  sudo cp ${units} /etc/systemd/system/`,
      '  sudo systemctl daemon-reload && sudo systemctl enable --now qualys-connector.timer',
    );
  }
  if (extras.includes('logrotate')) {
    const file = inDirectory('qualys-connector.logrotate');
    lines.push('The log, by logrotate:', `  sudo cp ${file} /etc/logrotate.d/qualys-connector`);
  }
  if (extras.includes('bash')) {
    lines.push('Completion, in ~/.bashrc:', `  source ${inDirectory('qualys_connector.bash')}`);
  }
  if (extras.includes('zsh')) {
    lines.push('Completion, in ~/.zshrc after compinit:', `  source ${inDirectory('_qualys_connector')}`);
  }
  return lines.join('\n');
}

/** A second line beside the first one would run it twice. */
function cronSteps({ directory, earlier }: Plan): string[] {
  const file = shellWord(join(directory, EXTRA_FILES.crontab[0]));
  const added = ['Every night, by cron:', `  { crontab -l 2>/dev/null; cat ${file}; } | crontab -`];
  if (earlier?.run.extras.includes('crontab') !== true) return added;
  return [
    'Every night, by cron: where the line is in your crontab already, put the one of this file in its place (crontab -e):',
    `  ${file}`,
    'Where it is not:',
    ...added.slice(1),
  ];
}
