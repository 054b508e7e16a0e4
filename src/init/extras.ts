/** What is written beside the YAML, for every night and for the shell. */

export interface Schedule {
  readonly hour: number;
  readonly minute: number;
}

export type Extra = keyof typeof EXTRA_FILES;

/** Their names. */
export const EXTRA_FILES = {
  crontab: ['crontab'],
  systemd: ['qualys-connector.service', 'qualys-connector.timer'],
  logrotate: ['qualys-connector.logrotate'],
  bash: ['qualys_connector.bash'],
  zsh: ['_qualys_connector'],
} as const;
