import { SAMPLE_VULNERABILITIES } from './sample-vulnerabilities.ts';

const HOST = '    <HOST>\n';
const FINDING = '        <VULN_INFO>\n';

/**
 * A report as it is when some work was done and something new was found: the first host lacks a finding that it had, and
 * the second one has a new one of severity 5.
 * @param report the pieces of sampleReport
 */
export function* aNightLater(report: Iterable<string>): Generator<string> {
  let hosts = 0;
  let isMended = false;
  for (const piece of report) {
    if (piece.startsWith(HOST)) hosts++;
    if (hosts === 1 && !isMended && isOpen(piece)) {
      isMended = true;
      continue;
    }
    yield piece;
    if (piece.startsWith(HOST) && hosts === 2) yield newFinding();
  }
}

/** A confirmed finding that is not fixed: one that the Management Center gets. */
function isOpen(piece: string): boolean {
  return piece.startsWith(FINDING) && piece.includes('<TYPE>Vuln<') && !piece.includes('>Fixed<');
}

function newFinding(): string {
  const gravest = SAMPLE_VULNERABILITIES.find(({ severity, type }) => severity === 5 && type === 'Vuln');
  const qid = gravest?.qid ?? 0;
  const lines = [
    '        <VULN_INFO>',
    `          <QID id="qid_${qid}">${qid}</QID>`,
    '          <TYPE>Vuln</TYPE>',
    '          <PORT>8443</PORT>',
    '          <PROTOCOL>tcp</PROTOCOL>',
    '          <SSL>true</SSL>',
    '          <VULN_STATUS>New</VULN_STATUS>',
    '        </VULN_INFO>',
  ];
  return `${lines.join('\n')}\n`;
}
