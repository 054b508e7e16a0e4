/** What log collectors may rely on: a name that goes away or changes breaks them. */
export const EVENTS = [
  ...['block.complaint', 'block.reply', 'block.sent'],
  ...['certificate.found', 'certificate.opened', 'certificate.validity', 'certificate.warning'],
  ...['commands.bad', 'commands.checked', 'commands.open', 'commands.source', 'commands.untidy', 'csv.start'],
  'csv.unsent',
  ...['delivery.counts', 'delivery.incomplete', 'delivery.stopped', 'delivery.unsent'],
  'lock.waiting',
  ...['log.noSyslog', 'log.notReopened', 'log.syslogLost', 'log.unwritable'],
  'metrics.unreadable',
  ...['qualys.quota', 'qualys.retry', 'qualys.templates', 'qualys.version'],
  ...['report.characters', 'report.complete', 'report.deleted', 'report.downloaded', 'report.finding'],
  ...['report.finished', 'report.glossary', 'report.host', 'report.launched', 'report.left'],
  ...['report.read', 'report.starting', 'report.state'],
  ...['run.complete', 'run.empty', 'run.failed', 'run.folder', 'run.interrupted', 'run.leftover'],
  ...['run.options', 'run.stack'],
  ...['run.summary', 'secret.readable', 'server.connecting', 'server.ready', 'session.lost'],
  ...['session.open', 'trust.insecure', 'trust.unchecked'],
];
