import type { QualysConfig } from '../../config/read-qualys-config.ts';
import { detectionScopeForm } from '../scope.ts';

/**
 * The parameters of a call for a page (VM/PC API guide, host list detection). What Qualys can filter is filtered there.
 * @param from the least host id; undefined: the first page
 */
export function pageForm(
  config: QualysConfig,
  from: number | undefined,
  size: number,
): Readonly<Record<string, string>> {
  return {
    action: 'list',
    output_format: 'XML',
    truncation_limit: String(size),
    // Nobody reads them, and they are most of an answer.
    show_results: '0',
    ...filters(config),
    ...detectionScopeForm(config),
    ...(from !== undefined && { id_min: String(from) }),
  };
}

function filters(config: QualysConfig): Record<string, string> {
  const { findingTypes, includeFixed, minSeverity, minQds, superseded, scannedWithinDays } = config;
  const [confirmed, potential, info] = ['vuln', 'practice', 'ig'].map((type) => findingTypes.has(type));
  return {
    show_igs: info ? '1' : '0',
    // Whether a kind named here keeps information out is not known.
    ...(!info && confirmed !== potential && { include_vuln_type: confirmed ? 'confirmed' : 'potential' }),
    ...(includeFixed && { status: 'New,Active,Re-Opened,Fixed' }),
    ...(minSeverity > 1 && { severities: minSeverity === 5 ? '5' : `${minSeverity}-5` }),
    ...(minQds !== undefined && { show_qds: '1', qds_min: String(minQds) }),
    ...(!superseded && { filter_superseded_qids: '1' }),
    ...(scannedWithinDays !== undefined && { max_days_since_last_vm_scan: String(scannedWithinDays) }),
  };
}
